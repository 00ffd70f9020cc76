-- The columns of every table and view of the current database.
select
    schema_name || '.' || table_name as table_name,
    column_name,
    data_type,
    is_nullable,
    comment
from duckdb_columns()
where not internal and database_name = current_database()
order by column_index;
