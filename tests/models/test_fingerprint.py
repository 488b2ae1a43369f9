from raftune.models.fingerprint import BLOCK_BYTES, BLOCKS, fingerprint


def test_depends_on_content_and_not_on_place(tmp_path):
    (tmp_path / "other").mkdir()
    first, second = tmp_path / "one.gguf", tmp_path / "other" / "two.gguf"
    first.write_bytes(b"GGUF" * 100)
    second.write_bytes(b"GGUF" * 100)
    assert fingerprint([first]) == fingerprint([second])
    assert len(fingerprint([first])) == 16
    second.write_bytes(b"GGUF" * 99 + b"GGUX")
    assert fingerprint([first]) != fingerprint([second])


def test_every_byte_of_a_file_of_4_mib_counts(tmp_path):
    path = tmp_path / "weights.safetensors"
    content = bytearray(BLOCK_BYTES * BLOCKS)
    path.write_bytes(content)
    before = fingerprint([path])
    content[BLOCK_BYTES * 31 + 7] = 1
    path.write_bytes(content)
    assert fingerprint([path]) != before


def test_names_tell_files_of_a_folder_apart(tmp_path):
    one, two = tmp_path / "a.json", tmp_path / "b.json"
    one.write_text("1")
    two.write_text("2")
    assert fingerprint([one, two]) != fingerprint([two, one])
