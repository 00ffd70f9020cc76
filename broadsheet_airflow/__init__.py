"""What Broadsheet adds to Airflow besides its DAG files: tasks that several DAGs share.

Installed as a package, because callbacks, plugins and the triggerer do not see the DAGs folder. Parsed with every
DAG file, so nothing heavy is imported before a task runs.
"""
