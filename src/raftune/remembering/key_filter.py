"""Which keys have surely never been seen, in two bytes of memory a key (a Bloom filter)."""

BITS_A_KEY = 16
PROBES = 4  # of the keys that were never added, one in four hundred looks as if it had been
SMALLEST = 1 << 20
HALF = 1 << 32


class KeyFilter:
    """Remembers up to `room` keys without holding them; with more it errs more often, always to the safe side."""

    def __init__(self, room: int = SMALLEST) -> None:
        self.room = max(SMALLEST, room)
        self.count = 0
        self._bits = bytearray(self.room * BITS_A_KEY // 8)

    def add(self, key: str) -> None:
        """Notes a key."""
        self.count += 1
        for place in self._places(key):
            self._bits[place >> 3] |= 1 << (place & 7)

    def may_hold(self, key: str) -> bool:
        """False: the key was never added. True: it was, or seldom it was not."""
        return all(self._bits[place >> 3] & 1 << (place & 7) for place in self._places(key))

    @property
    def full(self) -> bool:
        """Whether more keys were added than there is room for."""
        return self.count > self.room

    def _places(self, key: str) -> list[int]:
        high, low = divmod(hash(key) % (HALF * HALF), HALF)
        size = len(self._bits) * 8
        return [(low + probe * (high | 1)) % size for probe in range(PROBES)]
