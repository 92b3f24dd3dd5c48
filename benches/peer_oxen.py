"""One step of Oxen on the data files of a folder, as its own process.

usage: peer_oxen.py FOLDER commit MESSAGE | peer_oxen.py FOLDER restore"""

import os
import sys
from pathlib import Path

import oxen
import oxen.user

FILES = ("train.jsonl", "eval.jsonl")


def main():
    folder, step = Path(sys.argv[1]), sys.argv[2]
    fresh = not (folder / ".oxen").is_dir()
    repository = oxen.Repo(str(folder), mkdir=fresh)
    if fresh:
        repository.init()
        oxen.user.config_user("bench", "bench@example.org")
    os.chdir(folder)
    if step == "commit":
        for file in FILES:
            repository.add(file)
        repository.commit(sys.argv[3])
    else:
        for file in FILES:
            repository.restore(file)


main()
