//! A project's SQLite: migrations, one file a table, typed queries
