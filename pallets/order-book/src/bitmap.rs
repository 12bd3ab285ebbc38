//! A set of 2^24 positions as a three-level bitmap of 256-bit words.
//!
//! Bit `b` of word `w` of layer 0 is position `256 w + b`; bit `b` of word `w` of a higher layer
//! says whether word `256 w + b` of the layer below has any bit. So every operation reads and
//! writes at most two words a layer, however many positions there are. The words live behind
//! [`Words`]: storage in the pallet, a map in tests.

/// Layers: 256^3 positions.
pub const LAYERS: u8 = 3;
/// Positions are below this.
pub const CAPACITY: u32 = 1 << 24;
/// 256 bits, lowest limb first.
pub type Word = [u64; 4];
/// A word without bits: not stored.
pub const EMPTY: Word = [0; 4];

/// Where the words of one bitmap are kept.
pub trait Words {
    /// The word, [`EMPTY`] when there is none.
    fn word(&self, layer: u8, index: u32) -> Word;
    /// Replaces the word; an [`EMPTY`] one must leave nothing behind.
    fn set_word(&mut self, layer: u8, index: u32, word: Word);
}

/// The set itself.
#[derive(Debug)]
pub struct Bitmap<W>(pub W);

impl<W: Words> Bitmap<W> {
    /// Adds a position. Does nothing for one that is in the set, or not below [`CAPACITY`].
    pub fn insert(&mut self, position: u32) {
        if position >= CAPACITY {
            return;
        }
        let mut index = position;
        for layer in 0..LAYERS {
            let (parent, bit) = split(index);
            let word = self.0.word(layer, parent);
            self.0.set_word(layer, parent, with_bit(word, bit, true));
            if word != EMPTY {
                // The layers above know of this word already.
                return;
            }
            index = parent;
        }
    }

    /// Takes a position out. Does nothing for one that is not in the set.
    pub fn remove(&mut self, position: u32) {
        if position >= CAPACITY {
            return;
        }
        let mut index = position;
        for layer in 0..LAYERS {
            let (parent, bit) = split(index);
            let word = with_bit(self.0.word(layer, parent), bit, false);
            self.0.set_word(layer, parent, word);
            if word != EMPTY {
                return;
            }
            index = parent;
        }
    }

    /// Whether a position is in the set.
    pub fn contains(&self, position: u32) -> bool {
        let (parent, bit) = split(position);
        position < CAPACITY && has_bit(&self.0.word(0, parent), bit)
    }

    /// The lowest position.
    pub fn first(&self) -> Option<u32> {
        self.descend(LAYERS, 0, lowest)
    }

    /// The highest position.
    pub fn last(&self) -> Option<u32> {
        self.descend(LAYERS, 0, highest)
    }

    /// The lowest position above `position`, which need not be in the set.
    pub fn next(&self, position: u32) -> Option<u32> {
        self.neighbour(position, above, lowest)
    }

    /// The highest position below `position`, which need not be in the set.
    pub fn previous(&self, position: u32) -> Option<u32> {
        self.neighbour(position, below, highest)
    }

    /// Climbs until a word has another bit on the wanted side, then goes down along the nearest.
    fn neighbour(
        &self,
        position: u32,
        side: fn(&Word, u8) -> Word,
        nearest: fn(&Word) -> Option<u8>,
    ) -> Option<u32> {
        let mut index = position;
        for layer in 0..LAYERS {
            let (parent, bit) = split(index);
            let rest = side(&self.0.word(layer, parent), bit);
            if let Some(found) = nearest(&rest) {
                return self.descend(layer, join(parent, found), nearest);
            }
            index = parent;
        }
        None
    }

    /// From word `index` of the layer below `layer` down to a position.
    fn descend(&self, layer: u8, index: u32, nearest: fn(&Word) -> Option<u8>) -> Option<u32> {
        let mut index = index;
        for below in (0..layer).rev() {
            index = join(index, nearest(&self.0.word(below, index))?);
        }
        Some(index)
    }
}

/// An index as (word it is in, bit in that word).
fn split(index: u32) -> (u32, u8) {
    let [bit, ..] = index.to_le_bytes();
    (index >> 8, bit)
}

/// The inverse of [`split`].
fn join(word: u32, bit: u8) -> u32 {
    (word << 8) | u32::from(bit)
}

/// The limb a bit is in, and the bit alone in that limb.
fn locate(bit: u8) -> (usize, u64) {
    (usize::from(bit >> 6), 1u64.wrapping_shl(u32::from(bit)))
}

fn with_bit(mut word: Word, bit: u8, on: bool) -> Word {
    let (limb, mask) = locate(bit);
    if let Some(limb) = word.get_mut(limb) {
        *limb = if on { *limb | mask } else { *limb & !mask };
    }
    word
}

fn has_bit(word: &Word, bit: u8) -> bool {
    let (limb, mask) = locate(bit);
    word.get(limb).is_some_and(|limb| limb & mask != 0)
}

/// The bits above `bit`.
fn above(word: &Word, bit: u8) -> Word {
    let (at, mask) = locate(bit);
    // All bits up to and with `mask`; the wrap at the highest bit gives all of them.
    let covered = mask | mask.wrapping_sub(1);
    let mut word = *word;
    for (i, limb) in word.iter_mut().enumerate() {
        if i < at {
            *limb = 0;
        } else if i == at {
            *limb &= !covered;
        }
    }
    word
}

/// The bits below `bit`.
fn below(word: &Word, bit: u8) -> Word {
    let (at, mask) = locate(bit);
    let mut word = *word;
    for (i, limb) in word.iter_mut().enumerate() {
        if i > at {
            *limb = 0;
        } else if i == at {
            *limb &= mask.wrapping_sub(1);
        }
    }
    word
}

fn lowest(word: &Word) -> Option<u8> {
    let (i, limb) = word.iter().enumerate().find(|(_, limb)| **limb != 0)?;
    bit_at(i, limb.trailing_zeros())
}

fn highest(word: &Word) -> Option<u8> {
    let (i, limb) = word.iter().enumerate().rfind(|(_, limb)| **limb != 0)?;
    bit_at(i, 63u32.checked_sub(limb.leading_zeros())?)
}

/// Bit `bit` of limb `limb`, counted from the start of the word.
fn bit_at(limb: usize, bit: u32) -> Option<u8> {
    let limb = u8::try_from(limb).ok()?;
    let bit = u8::try_from(bit).ok()?;
    limb.checked_mul(64)?.checked_add(bit)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{
        cell::Cell,
        collections::{BTreeMap, BTreeSet},
    };

    #[derive(Default)]
    struct Map {
        words: BTreeMap<(u8, u32), Word>,
        touched: Cell<u32>,
    }

    impl Words for Map {
        fn word(&self, layer: u8, index: u32) -> Word {
            self.touched.set(self.touched.get() + 1);
            self.words.get(&(layer, index)).copied().unwrap_or(EMPTY)
        }

        fn set_word(&mut self, layer: u8, index: u32, word: Word) {
            self.touched.set(self.touched.get() + 1);
            if word == EMPTY {
                self.words.remove(&(layer, index));
            } else {
                self.words.insert((layer, index), word);
            }
        }
    }

    fn bitmap(positions: &[u32]) -> Bitmap<Map> {
        let mut bitmap = Bitmap(Map::default());
        positions.iter().for_each(|p| bitmap.insert(*p));
        bitmap
    }

    #[test]
    fn neighbours_should_be_found_when_they_are_in_other_words() {
        let edges = [0, 63, 64, 255, 256, 65_535, 65_536, CAPACITY - 1];
        let bitmap = bitmap(&edges);
        assert_eq!(bitmap.first(), Some(0));
        assert_eq!(bitmap.last(), Some(CAPACITY - 1));
        for pair in edges.windows(2) {
            let [low, high] = pair else { unreachable!() };
            assert_eq!(bitmap.next(*low), Some(*high));
            assert_eq!(bitmap.previous(*high), Some(*low));
        }
        assert_eq!(bitmap.next(CAPACITY - 1), None);
        assert_eq!(bitmap.previous(0), None);
    }

    #[test]
    fn nothing_should_be_left_when_the_last_position_goes() {
        let mut bitmap = bitmap(&[7, 70_000]);
        bitmap.remove(7);
        bitmap.remove(70_000);
        assert!(bitmap.0.words.is_empty());
        assert_eq!(bitmap.first(), None);
        assert_eq!(bitmap.last(), None);
    }

    #[test]
    fn nothing_should_change_when_the_position_is_out_of_range() {
        let mut bitmap = bitmap(&[]);
        bitmap.insert(CAPACITY);
        bitmap.remove(u32::MAX);
        assert!(bitmap.0.words.is_empty());
        assert!(!bitmap.contains(CAPACITY));
    }

    #[test]
    fn few_words_should_be_touched_when_the_set_is_large() {
        let many: Vec<u32> = (0..20_000).map(|i| i * 769).collect();
        let mut bitmap = bitmap(&many);
        bitmap.0.touched.set(0);
        bitmap.first();
        assert_eq!(bitmap.0.touched.replace(0), 3);
        bitmap.next(9_000_000);
        assert!(bitmap.0.touched.replace(0) <= 6);
        bitmap.insert(9_000_001);
        bitmap.remove(9_000_001);
        assert!(bitmap.0.touched.replace(0) <= 12);
    }

    /// Mostly crowded together, so that neighbours share words and layers.
    fn position() -> impl Strategy<Value = u32> {
        prop_oneof![0u32..600, 65_000u32..66_200, 0u32..CAPACITY]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn bitmap_should_agree_with_a_sorted_set(
            steps in prop::collection::vec((any::<bool>(), position()), 1..120),
            probes in prop::collection::vec(position(), 10),
        ) {
            let mut bitmap = Bitmap(Map::default());
            let mut set = BTreeSet::new();
            for (insert, position) in steps {
                // Removing something that is there more often than not.
                let known = set.range(position..).next().copied().unwrap_or(position);
                if insert {
                    bitmap.insert(position);
                    set.insert(position);
                } else {
                    bitmap.remove(known);
                    set.remove(&known);
                }
                prop_assert_eq!(bitmap.first(), set.first().copied());
                prop_assert_eq!(bitmap.last(), set.last().copied());
                for probe in &probes {
                    prop_assert_eq!(bitmap.contains(*probe), set.contains(probe));
                    prop_assert_eq!(bitmap.next(*probe), set.range(probe + 1..).next().copied());
                    prop_assert_eq!(bitmap.previous(*probe), set.range(..probe).next_back().copied());
                }
            }
        }
    }
}
