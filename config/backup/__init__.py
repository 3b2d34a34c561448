"""One encrypted file that holds an installation, and the way back from it.

An age file (for the recovery keys of BACKUP_RECIPIENTS) around a tar of gzipped JSON lines:
`age -d`, `tar` and `gunzip` open it without this program. The order of its members:

    manifest.json       what this is, by which version, under which keys
    keys/, home/        small files; never a private key
    rows/TABLE/N.gz     rows, one JSON array a line, in the order of the manifest's columns
    end.json            how many rows each table has: without it the file is not whole

docs/adr/0023-backups-are-rows-in-one-snapshot.md says why it is no dump of the database's own.
"""
