"""How our pages look: the styles that the page in Airflow and the front page share."""

from pathlib import Path

FOLDER = Path(__file__).parent / "styles"
"""Style sheets alone, so that the whole folder may be served."""

HOUSE = FOLDER / "house.css"
