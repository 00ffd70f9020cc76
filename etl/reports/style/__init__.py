"""How our pages look: the style sheet and icons that the page in Airflow and the front page share."""

from pathlib import Path

FOLDER = Path(__file__).parent / "static"
"""Nothing else is in it, so the whole folder may be served."""

STYLES = FOLDER / "house.css"
ICON = FOLDER / "icon.svg"
