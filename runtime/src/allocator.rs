//! Where the compiled runtime's memory comes from.
//!
//! The SDK's allocator asks the host for each block and again to free it. An order
//! allocates many small blocks, and leaving wasm and coming back for each of them was more than a third
//! of what it took. Here the host gives one arena, and blocks are cut from it without leaving wasm: sizes
//! are powers of two, and what was freed is used again for the same size. Nothing is joined: every call
//! into the runtime begins with a new memory. Blocks that are too large, or that find the arena full,
//! come from the host as they did.
//!
//! What a host function returns was allocated by the host and belongs to the runtime then. It lies
//! outside the arena, and so goes back to the host.

#![allow(unsafe_code)]

/// Bytes of the arena.
#[cfg(substrate_runtime)]
const ARENA: usize = 1 << 20;
/// Bytes of the smallest block, and what all of them are aligned to.
const SMALLEST: usize = 16;
/// Sizes: 16 bytes to 32 KiB.
const CLASSES: usize = 12;

/// Memory of which blocks are made. Addresses are integers; zero is none.
struct Arena {
    start: usize,
    /// Where what was never used begins.
    next: usize,
    end: usize,
    /// By size, the block that was freed last. It holds the address of the one before it.
    freed: [usize; CLASSES],
}

impl Arena {
    /// One without memory.
    const fn empty() -> Self {
        Self {
            start: 0,
            next: 0,
            end: 0,
            freed: [0; CLASSES],
        }
    }

    /// Takes over memory, but for what alignment leaves over.
    ///
    /// # Safety
    /// Nobody else uses the `len` bytes at `start`, and no block of this arena is in use.
    unsafe fn take(&mut self, start: usize, len: usize) {
        let aligned = start.next_multiple_of(SMALLEST);
        *self = Self {
            start: aligned,
            next: aligned,
            end: start.saturating_add(len).max(aligned),
            freed: [0; CLASSES],
        };
    }

    /// The class of a layout; `None` for one that no block serves.
    fn class(size: usize, align: usize) -> Option<usize> {
        if align > SMALLEST {
            return None;
        }
        let rounded = size.max(SMALLEST).checked_next_power_of_two()?;
        let class = rounded.ilog2().checked_sub(SMALLEST.ilog2())?;
        usize::try_from(class).ok().filter(|class| *class < CLASSES)
    }

    fn owns(&self, address: usize) -> bool {
        (self.start..self.end).contains(&address)
    }

    /// A block of a class, or `None` when none is left.
    fn allocate(&mut self, class: usize) -> Option<usize> {
        let freed = self.freed.get_mut(class)?;
        if *freed != 0 {
            let block = *freed;
            // SAFETY: freed blocks belong to the arena, are aligned and at least as long as an address,
            // and hold what `free` wrote.
            *freed = unsafe { (block as *const usize).read() };
            return Some(block);
        }
        let size = SMALLEST.checked_shl(u32::try_from(class).ok()?)?;
        let after = self.next.checked_add(size).filter(|at| *at <= self.end)?;
        Some(core::mem::replace(&mut self.next, after))
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// The block was allocated here as one of this class and is not in use.
    unsafe fn free(&mut self, block: usize, class: usize) {
        if let Some(freed) = self.freed.get_mut(class) {
            // SAFETY: the block is the arena's own again, aligned, and long enough.
            unsafe { (block as *mut usize).write(*freed) };
            *freed = block;
        }
    }
}

#[cfg(substrate_runtime)]
mod global {
    use super::{Arena, ARENA};
    use core::{
        alloc::{GlobalAlloc, Layout},
        cell::UnsafeCell,
        mem::forget,
        ptr,
    };
    use polkadot_sdk::sp_io::{
        allocator::{free, malloc},
        hashing,
    };
    use sp_crypto_hashing::{twox_128, twox_64};

    /// What the host aligns its blocks to.
    const HOST_ALIGN: usize = 8;

    /// Computes the hashes of storage keys here. Every access to a map hashes two names, and coming back from
    /// the host with a hash costs several times the hash. Done at the first allocation, with which every
    /// call into the runtime begins.
    fn hash_in_wasm() {
        // For as long as the call lasts.
        forget(hashing::host_twox_64.replace_implementation(twox_64));
        forget(hashing::host_twox_128.replace_implementation(twox_128));
    }

    struct Allocator(UnsafeCell<Arena>);

    // SAFETY: a runtime has one thread.
    unsafe impl Sync for Allocator {}

    #[global_allocator]
    static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(Arena::empty()));

    /// A block of the host's. One that has to be aligned to more than the host does has the distance to the
    /// host's block in the two bytes before it; in a block that the host handed over they are zero.
    unsafe fn from_host(layout: Layout) -> *mut u8 {
        let spare = layout.align().saturating_sub(HOST_ALIGN);
        let Ok(size) = u32::try_from(layout.size().saturating_add(spare)) else {
            return ptr::null_mut();
        };
        let block = malloc(size);
        let distance = block.align_offset(layout.align());
        let Ok(noted) = u16::try_from(distance) else {
            return ptr::null_mut();
        };
        // SAFETY: `spare` leaves room for the distance. The two bytes are inside the block, or the unused
        // last ones of the header that the host keeps before it.
        unsafe {
            let block = block.add(distance);
            block.sub(2).cast::<u16>().write_unaligned(noted);
            block
        }
    }

    unsafe fn to_host(block: *mut u8) {
        // SAFETY: see `from_host`.
        unsafe {
            let distance = block.sub(2).cast::<u16>().read_unaligned();
            free(block.sub(usize::from(distance)));
        }
    }

    // SAFETY: blocks of the arena are apart from each other by its making, and from the host's because the
    // arena is one block of the host's that is never freed. No method is entered while another one runs.
    unsafe impl GlobalAlloc for Allocator {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            let Some(class) = Arena::class(layout.size(), layout.align()) else {
                return unsafe { from_host(layout) };
            };
            let arena = unsafe { &mut *self.0.get() };
            if arena.start == 0 {
                hash_in_wasm();
                let memory = malloc(ARENA as u32);
                unsafe { arena.take(memory as usize, ARENA) };
            }
            match arena.allocate(class) {
                Some(block) => block as *mut u8,
                None => unsafe { from_host(layout) },
            }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            let arena = unsafe { &mut *self.0.get() };
            match Arena::class(layout.size(), layout.align()) {
                Some(class) if arena.owns(block as usize) => unsafe {
                    arena.free(block as usize, class)
                },
                _ => unsafe { to_host(block) },
            }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            let arena = unsafe { &*self.0.get() };
            let class = |size| Arena::class(size, layout.align());
            if arena.owns(block as usize) && class(size) == class(layout.size()) {
                return block;
            }
            unsafe {
                let grown = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                if !grown.is_null() {
                    ptr::copy_nonoverlapping(block, grown, size.min(layout.size()));
                    self.dealloc(block, layout);
                }
                grown
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// An arena over memory that lives as long as the test.
    fn arena(memory: &mut [u128]) -> Arena {
        let mut arena = Arena::empty();
        unsafe { arena.take(memory.as_mut_ptr() as usize, size_of_val(memory)) };
        arena
    }

    fn size_of(class: usize) -> usize {
        SMALLEST << class
    }

    #[test]
    fn class_should_be_the_smallest_that_fits_when_there_is_one() {
        for (size, class) in [(0, 0), (1, 0), (16, 0), (17, 1), (32, 1), (32_768, 11)] {
            assert_eq!(Arena::class(size, 1), Some(class));
            assert!(size_of(class) >= size);
        }
        assert_eq!(Arena::class(32_769, 1), None);
        assert_eq!(Arena::class(usize::MAX, 1), None);
        assert_eq!(Arena::class(8, 16), Some(0));
        assert_eq!(Arena::class(8, 32), None);
    }

    #[test]
    fn blocks_should_be_aligned_apart_and_kept_when_many_come_and_go() {
        let mut memory = vec![0u128; 4096];
        let mut arena = arena(&mut memory);
        // Address to (class, what was written into all of it).
        let mut live: BTreeMap<usize, (usize, u8)> = BTreeMap::new();
        let mut seed = 1u64;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        let (mut full, mut reused) = (0, 0);
        for step in 0..20_000 {
            if random(2) == 0 && !live.is_empty() {
                let (&block, &(class, mark)) = live.iter().nth(random(live.len())).unwrap();
                let kept =
                    unsafe { core::slice::from_raw_parts(block as *const u8, size_of(class)) };
                assert!(kept.iter().all(|byte| *byte == mark));
                live.remove(&block);
                unsafe { arena.free(block, class) };
                continue;
            }
            let class = random(8);
            let before = arena.next;
            let Some(block) = arena.allocate(class) else {
                full += 1;
                continue;
            };
            reused += usize::from(arena.next == before);
            assert_eq!(block % SMALLEST, 0);
            assert!(arena.owns(block) && arena.owns(block + size_of(class) - 1));
            let below = live.range(..block).next_back();
            assert!(below.is_none_or(|(at, (class, _))| at + size_of(*class) <= block));
            let above = live.range(block..).next();
            assert!(above.is_none_or(|(at, _)| block + size_of(class) <= *at));
            let mark = (step % 251) as u8;
            unsafe { core::ptr::write_bytes(block as *mut u8, mark, size_of(class)) };
            live.insert(block, (class, mark));
        }
        // Both ways were taken.
        assert!(full > 0 && reused > 1_000);
    }

    #[test]
    fn nothing_should_be_allocated_when_there_is_no_memory() {
        let mut arena = Arena::empty();
        assert_eq!(arena.allocate(0), None);
        assert!(!arena.owns(0));
    }
}
