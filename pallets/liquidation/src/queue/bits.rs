//! Bitmap of the non-empty buckets of each factor.
//!
//! Two layers of 256-bit words cover the 65,536 buckets: layer 0 has a bit for each bucket,
//! layer 1 a bit for each word of layer 0. The highest non-empty bucket is two reads away,
//! whatever the number of triggers. Two more layers of the same shape, 2 and 3, are those of the entry
//! prices by which [`crate::ranking`] finds who has won most.

use crate::{types::QueueFull, Bits, Config, Factors};
use bulwark_primitives::Factor;

/// A word of 256 bits, least significant limb first.
pub type Word = [u64; 4];

/// One bitmap: the numbers of its two layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    leaf: u8,
    top: u8,
}

impl Layers {
    /// Number of the layer with a bit for each bucket.
    pub const fn leaf(self) -> u8 {
        self.leaf
    }

    /// Number of the layer with a bit for each word of the other.
    pub const fn top(self) -> u8 {
        self.top
    }
}

/// The bitmap of triggers.
pub const TRIGGERS: Layers = Layers { leaf: 0, top: 1 };
/// The bitmap of entry prices.
pub const ENTRIES: Layers = Layers { leaf: 2, top: 3 };

/// Word of a bucket in layer 0, and its bit there.
const fn split(bucket: u16) -> (u8, u8) {
    let [high, low] = bucket.to_be_bytes();
    (high, low)
}

/// The bucket of a bit of a word in layer 0.
const fn join(word: u8, bit: u8) -> u16 {
    u16::from_be_bytes([word, bit])
}

/// Limb of a bit, and its mask there.
fn locate(bit: u8) -> (usize, u64) {
    // The shifts are below 64 by the mask.
    (usize::from(bit >> 6), 1u64 << (bit & 63))
}

/// Sets a bit.
pub fn set_bit(word: &mut Word, bit: u8) {
    let (limb, mask) = locate(bit);
    if let Some(limb) = word.get_mut(limb) {
        *limb |= mask;
    }
}

/// Clears a bit.
pub fn clear_bit(word: &mut Word, bit: u8) {
    let (limb, mask) = locate(bit);
    if let Some(limb) = word.get_mut(limb) {
        *limb &= !mask;
    }
}

/// Whether a bit is set.
pub fn has_bit(word: &Word, bit: u8) -> bool {
    let (limb, mask) = locate(bit);
    word.get(limb).is_some_and(|limb| limb & mask != 0)
}

/// The highest set bit at or below `bit`.
pub fn highest_bit(word: &Word, bit: u8) -> Option<u8> {
    let top = bit >> 6;
    for limb in (0..=top).rev() {
        let mut bits = word.get(usize::from(limb)).copied().unwrap_or(0);
        if limb == top {
            bits &= u64::MAX >> 63u8.saturating_sub(bit & 63);
        }
        if let Some(found) = bits.checked_ilog2() {
            // `found` is below 64 and `limb` below 4.
            return u8::try_from(found).ok().map(|found| (limb << 6) | found);
        }
    }
    None
}

fn is_zero(word: &Word) -> bool {
    word.iter().all(|limb| *limb == 0)
}

/// Marks a bucket of triggers as non-empty, and its factor as one to look at.
///
/// # Errors
/// [`QueueFull`] when [`crate::types::MAX_FACTORS`] other factors hold triggers; nothing changes.
pub fn set<T: Config>(factor: Factor, bucket: u16) -> Result<(), QueueFull> {
    if is_zero(&Bits::<T>::get((factor, TRIGGERS.top, 0))) {
        Factors::<T>::try_mutate(|factors| match factors.binary_search(&factor) {
            Ok(_) => Ok(()),
            Err(at) => factors.try_insert(at, factor).map_err(|_| QueueFull),
        })?;
    }
    set_in::<T>(TRIGGERS, factor, bucket);
    Ok(())
}

/// Marks a bucket of triggers as empty, and forgets its factor when it was the last.
pub fn clear<T: Config>(factor: Factor, bucket: u16) {
    if clear_in::<T>(TRIGGERS, factor, bucket) {
        Factors::<T>::mutate(|factors| {
            if let Ok(at) = factors.binary_search(&factor) {
                factors.remove(at);
            }
        });
    }
}

/// Marks a bucket as non-empty in both layers of a bitmap.
pub fn set_in<T: Config>(layers: Layers, factor: Factor, bucket: u16) {
    let (index, bit) = split(bucket);
    let mut leaf = Bits::<T>::get((factor, layers.leaf, index));
    if is_zero(&leaf) {
        Bits::<T>::mutate((factor, layers.top, 0), |top| set_bit(top, index));
    }
    set_bit(&mut leaf, bit);
    Bits::<T>::insert((factor, layers.leaf, index), leaf);
}

/// Marks a bucket as empty; whether the whole bitmap of the factor is empty now.
pub fn clear_in<T: Config>(layers: Layers, factor: Factor, bucket: u16) -> bool {
    let (index, bit) = split(bucket);
    let mut leaf = Bits::<T>::get((factor, layers.leaf, index));
    clear_bit(&mut leaf, bit);
    if !is_zero(&leaf) {
        Bits::<T>::insert((factor, layers.leaf, index), leaf);
        return false;
    }
    Bits::<T>::remove((factor, layers.leaf, index));
    let mut top = Bits::<T>::get((factor, layers.top, 0));
    clear_bit(&mut top, index);
    if !is_zero(&top) {
        Bits::<T>::insert((factor, layers.top, 0), top);
        return false;
    }
    Bits::<T>::remove((factor, layers.top, 0));
    true
}

/// Whether a bucket is marked as non-empty in both layers.
pub fn is_set<T: Config>(layers: Layers, factor: Factor, bucket: u16) -> bool {
    let (index, bit) = split(bucket);
    has_bit(&Bits::<T>::get((factor, layers.leaf, index)), bit)
        && has_bit(&Bits::<T>::get((factor, layers.top, 0)), index)
}

/// The highest non-empty bucket of triggers at or below `bucket`.
pub fn highest<T: Config>(factor: Factor, bucket: u16) -> Option<u16> {
    highest_in::<T>(TRIGGERS, factor, bucket)
}

/// The highest non-empty bucket at or below `bucket`.
pub fn highest_in<T: Config>(layers: Layers, factor: Factor, bucket: u16) -> Option<u16> {
    let (index, bit) = split(bucket);
    if let Some(found) = highest_bit(&Bits::<T>::get((factor, layers.leaf, index)), bit) {
        return Some(join(index, found));
    }
    let below = index.checked_sub(1)?;
    let index = highest_bit(&Bits::<T>::get((factor, layers.top, 0)), below)?;
    let found = highest_bit(&Bits::<T>::get((factor, layers.leaf, index)), u8::MAX)?;
    Some(join(index, found))
}
