-- The comment of every table, view and macro of the current database.
select
    schema_name || '.' || table_name as full_name,
    comment
from duckdb_tables()
where not internal and database_name = current_database()

union all

select
    schema_name || '.' || view_name as full_name,
    comment
from duckdb_views()
where not internal and database_name = current_database()

union all

select
    schema_name || '.' || function_name as full_name,
    comment
from duckdb_functions()
where not internal and database_name = current_database();
