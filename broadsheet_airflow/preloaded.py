"""What a Celery worker imports once, so that none of its tasks does: each is forked from it.

Set `AIRFLOW__CELERY__EXTRA_CELERY_CONFIG='{"imports": ["broadsheet_airflow.preloaded"]}'` for the workers, and restart
them after an upgrade. Importing the stages takes a task longer than checking 200,000 articles.
"""

from etl import pipeline as pipeline
from etl.stages.gx import great_expectations

great_expectations()
