"""What Broadsheet adds to Airflow beside its DAG files: tasks that several DAGs share.

Installed, because callbacks, plugins and the triggerer do not see the folder of the DAGs. Parsed with every
DAG file: nothing heavy is imported before a task runs.
"""
