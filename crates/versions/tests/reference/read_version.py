"""Reads a version out of a store, written after docs/VERSION_STORE.md alone.

Usage: read_version.py STORE VERSION FOLDER   from a folder of versions
       read_version.py EXPORT VERSION FOLDER  from an exported file

Writes the version's files to FOLDER. Needs the packages blake3, xxhash and zstandard.
"""

import hashlib
import io
import json
import pathlib
import struct
import sys
import tarfile

import blake3
import xxhash
import zstandard

LAYOUT = 2


def check(condition, what):
    if not condition:
        sys.exit(f"damaged: {what}")


def digest(data):
    return blake3.blake3(data).hexdigest()


def sealed(data, name):
    """The content of a file that carries its own checksum."""
    outer = json.loads(data)
    check(outer["layout"] == LAYOUT, f"{name}: layout {outer['layout']}")
    content = json.dumps(outer["content"], separators=(",", ":"), ensure_ascii=False).encode()
    check(digest(content) == outer["checksum"], f"{name}: checksum")
    return outer["content"]


def unpack(frame, limit):
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompress(frame, max_output_size=limit)


def form(data, name, kind):
    """Bytes of an object in the index of a pack or archive: those of the earlier form have no checksum."""
    head, end = b"WNW" + kind, b"WNW" + kind[:1] + b"END"
    for digit, size in [(b"3", 88), (b"2", 80)]:
        if data[:8] == head + digit and data[-8:] == end + digit:
            return size
    sys.exit(f"damaged: {name}: head and end")


def index(data, count, each):
    for place in range(count):
        name, base, offset, stored, size = struct.unpack_from("<32s32sQII", data, place * each)
        checksum = struct.unpack_from("<Q", data, place * each + 80)[0] if each > 80 else 0
        yield name.hex(), base.hex() if any(base) else None, offset, stored, size, checksum


def read_pack(data, name):
    """The objects of a pack: hash, what it is told by, bytes of the object, its checksum, what its frame holds."""
    check(digest(data) == name, f"pack {name}")
    each = form(data, f"pack {name}", b"PACK")
    count, at = struct.unpack_from("<QQ", data, len(data) - 56)
    table = data[at : at + each * count]
    check(digest(table) == data[-40:-8].hex() and at + each * count + 56 == len(data), f"pack {name}: index")
    for hash_, base, offset, stored, size, checksum in index(table, count, each):
        limit = 2 * size + 64 if base else max(size, 1)
        yield hash_, base, size, checksum, unpack(data[offset : offset + stored], limit)


def read_archive(data, name):
    """The same of an archive."""
    check(digest(data) == name, f"archive {name}")
    each = form(data, f"archive {name}", b"ARCH")
    count, groups, at = struct.unpack_from("<QQQ", data, len(data) - 64)
    tables = data[at : at + each * count + 24 * groups]
    check(digest(tables) == data[-40:-8].hex(), f"archive {name}: index")
    content = b""
    for place in range(groups):
        offset, stored, unpacked = struct.unpack_from("<QQQ", tables, each * count + 24 * place)
        content += unpack(data[offset : offset + stored], unpacked)
    for hash_, base, offset, stored, size, checksum in index(tables, count, each):
        yield hash_, base, size, checksum, content[offset : offset + stored]


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def apply(base, delta):
    target, at = bytearray(), 0
    while at < len(delta):
        head, at = varint(delta, at)
        length = head >> 1
        if head & 1:
            target += delta[at : at + length]
            at += length
        else:
            start, at = varint(delta, at)
            target += base[start : start + length]
    return bytes(target)


class Store:
    """The files of a store or of an export, by name."""

    def __init__(self, path):
        path = pathlib.Path(path)
        if path.is_dir():
            self.record = sealed((path / "refs.json").read_bytes(), "refs.json")
            files = [file for file in path.rglob("*") if file.suffix in (".json", ".pack", ".archive")]
            self.files = {file.relative_to(path).as_posix(): file.read_bytes() for file in files}
        else:
            with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as tar:
                self.files = {member.name: tar.extractfile(member).read() for member in tar}
            self.record = sealed(self.files["winnow-versions.json"], "winnow-versions.json")["refs"]
        self.objects = {}
        # What lies in a pack is read from there.
        for folder, read in [("archives/", read_archive), ("packs/", read_pack)]:
            for name, data in self.files.items():
                if name.startswith(folder):
                    for hash_, base, size, checksum, content in read(data, pathlib.Path(name).stem):
                        if hash_ not in self.objects or base is None or folder == "packs/":
                            self.objects[hash_] = (base, size, checksum, content)

    def object(self, hash_):
        base, size, checksum, content = self.objects[hash_]
        data = content if base is None else apply(self.object(base), content)
        check(len(data) == size and digest(data) == hash_, f"object {hash_}")
        check(checksum in (0, xxhash.xxh3_64_intdigest(data)), f"checksum of {hash_}")
        return data

    def manifest(self, version):
        id_ = self.record["tags"].get(version)
        for known in self.record["versions"]:
            if known["id"] == id_ or known["version"] == version:
                data = self.files[f"manifests/{known['id']}.json"]
                check(digest(data) == known["id"], f"manifest {known['id']}")
                return json.loads(data)
        sys.exit(f"no version {version}")

    def file(self, reference):
        chunks = self.object(reference["chunks"])
        data = b""
        for place in range(0, len(chunks), 40):
            hash_, rows, size = struct.unpack_from("<32sII", chunks, place)
            chunk = self.object(hash_.hex())
            check(len(chunk) == size and chunk.count(b"\n") in (rows, rows - 1), f"chunk {hash_.hex()}")
            data += chunk
        check(len(data) == reference["bytes"], "bytes")
        check(hashlib.sha256(data).hexdigest() == reference["sha256"], "SHA-256")
        return data


def main():
    store, version, folder = Store(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for name, reference in store.manifest(version)["files"].items():
        (folder / name).write_bytes(store.file(reference))


if __name__ == "__main__":
    main()
