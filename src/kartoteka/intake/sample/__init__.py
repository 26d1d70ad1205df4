"""A sample business that never was: invented customers (`people`), and the dirty files of them (`files`).

`python -m kartoteka.intake.sample FOLDER` writes the files; with `--truth` also which row is whom. Nothing
here knows the importer: the files are loaded through the same door as anybody's.
"""
