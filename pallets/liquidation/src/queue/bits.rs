//! Bitmap of the non-empty buckets of each factor.
//!
//! Two layers of 256-bit words cover the 65,536 buckets: layer 0 has a bit for each bucket,
//! layer 1 a bit for each word of layer 0. The highest non-empty bucket is two reads away,
//! whatever the number of triggers.

use crate::{types::QueueFull, Bits, Config, Factors};
use bulwark_primitives::Factor;

/// A word of 256 bits, least significant limb first.
pub type Word = [u64; 4];

const LEAF: u8 = 0;
const TOP: u8 = 1;

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

/// Marks a bucket as non-empty, and its factor as one to look at.
///
/// # Errors
/// [`QueueFull`] when [`crate::types::MAX_FACTORS`] other factors hold triggers; nothing changes.
pub fn set<T: Config>(factor: Factor, bucket: u16) -> Result<(), QueueFull> {
    let (index, bit) = split(bucket);
    let mut leaf = Bits::<T>::get((factor, LEAF, index));
    if is_zero(&leaf) {
        let mut top = Bits::<T>::get((factor, TOP, 0));
        if is_zero(&top) {
            Factors::<T>::try_mutate(|factors| match factors.binary_search(&factor) {
                Ok(_) => Ok(()),
                Err(at) => factors.try_insert(at, factor).map_err(|_| QueueFull),
            })?;
        }
        set_bit(&mut top, index);
        Bits::<T>::insert((factor, TOP, 0), top);
    }
    set_bit(&mut leaf, bit);
    Bits::<T>::insert((factor, LEAF, index), leaf);
    Ok(())
}

/// Marks a bucket as empty, and forgets its factor when it was the last.
pub fn clear<T: Config>(factor: Factor, bucket: u16) {
    let (index, bit) = split(bucket);
    let mut leaf = Bits::<T>::get((factor, LEAF, index));
    clear_bit(&mut leaf, bit);
    if !is_zero(&leaf) {
        Bits::<T>::insert((factor, LEAF, index), leaf);
        return;
    }
    Bits::<T>::remove((factor, LEAF, index));
    let mut top = Bits::<T>::get((factor, TOP, 0));
    clear_bit(&mut top, index);
    if !is_zero(&top) {
        Bits::<T>::insert((factor, TOP, 0), top);
        return;
    }
    Bits::<T>::remove((factor, TOP, 0));
    Factors::<T>::mutate(|factors| {
        if let Ok(at) = factors.binary_search(&factor) {
            factors.remove(at);
        }
    });
}

/// Whether a bucket is marked as non-empty in both layers.
pub fn is_set<T: Config>(factor: Factor, bucket: u16) -> bool {
    let (index, bit) = split(bucket);
    has_bit(&Bits::<T>::get((factor, LEAF, index)), bit)
        && has_bit(&Bits::<T>::get((factor, TOP, 0)), index)
}

/// The highest non-empty bucket at or below `bucket`.
pub fn highest<T: Config>(factor: Factor, bucket: u16) -> Option<u16> {
    let (index, bit) = split(bucket);
    if let Some(found) = highest_bit(&Bits::<T>::get((factor, LEAF, index)), bit) {
        return Some(join(index, found));
    }
    let below = index.checked_sub(1)?;
    let index = highest_bit(&Bits::<T>::get((factor, TOP, 0)), below)?;
    let found = highest_bit(&Bits::<T>::get((factor, LEAF, index)), u8::MAX)?;
    Some(join(index, found))
}
