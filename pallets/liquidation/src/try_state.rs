//! Checks of the queue against itself and against the ledger.

use crate::{
    queue::{bits, cells, known},
    ranking,
    types::{CellId, Head, PARKED},
    Bits, Cells, Config, DueSince, Factors, Heads, Keys, Known, KnownBits, Pallet, Ranked, Stale,
};
use alloc::collections::BTreeMap;
use bulwark_risk_math::triggers;
use bulwark_traits::LiquidationLedger;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks this pallet's part of the numbered invariants. Reads all of its storage: for tests
    /// and `try-runtime`, never in a block.
    ///
    /// That no account is missing altogether needs the list of all accounts, which the ledger
    /// has: the runtime walks it and asks [`Pallet::is_due`].
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_triggers()?;
        Self::check_known()?;
        Self::check_cells()?;
        Self::check_stale()?;
        Self::check_bits()?;
        Self::check_ranking()?;
        Self::check_due()
    }

    /// Every trigger is where its account says, and is the only one of its factor.
    fn check_triggers() -> Result<(), TryRuntimeError> {
        let mut total = 0usize;
        for (account, keys) in Keys::<T>::iter() {
            ensure!(!keys.is_empty(), "9: an empty record in Keys");
            ensure!(
                !Known::<T>::contains_key(&account),
                "9: an account has triggers and is known"
            );
            for (at, key) in keys.iter().enumerate() {
                let double = keys.iter().skip(at).skip(1).any(|k| k.factor == key.factor);
                ensure!(!double, "9: an account has two triggers for one factor");
                ensure!(
                    key.bucket == triggers::bucket(key.key),
                    "9: a trigger is in the wrong bucket"
                );
                let cell = CellId::Trigger(key.factor, key.bucket);
                let page = Cells::<T>::get(cell, key.page).ok_or("9: a page is missing")?;
                let found = page
                    .entries
                    .iter()
                    .filter(|e| e.account == account && e.key == key.key)
                    .count();
                ensure!(found == 1, "9: a trigger is not in its page exactly once");
                total = total.saturating_add(1);
            }
        }
        ensure!(
            total == Self::entries(|cell| matches!(cell, CellId::Trigger(..))),
            "9: a cell holds a trigger that no account knows of"
        );
        Ok(())
    }

    /// Every known account is in the cell of its class, and has a block since when.
    fn check_known() -> Result<(), TryRuntimeError> {
        let mut total = 0usize;
        for (account, record) in Known::<T>::iter() {
            ensure!(record.class <= PARKED, "9: a class does not exist");
            let cell = CellId::Known(record.class);
            let page = Cells::<T>::get(cell, record.page).ok_or("9: a page is missing")?;
            let found = page.entries.iter().filter(|e| e.account == account).count();
            ensure!(found == 1, "9: a known account is not in its page once");
            ensure!(
                DueSince::<T>::contains_key(&account),
                "9: a known account has no block since when"
            );
            total = total.saturating_add(1);
        }
        ensure!(
            total == Self::entries(|cell| matches!(cell, CellId::Known(_))),
            "9: a class holds an account that is not known"
        );
        for class in 0..=PARKED {
            let used = Heads::<T>::contains_key(CellId::Known(class));
            let marked = KnownBits::<T>::get() & known::mask(class) != 0;
            ensure!(used == marked, "9: the bitmap of classes is wrong");
        }
        Ok(())
    }

    /// Every stale account is in its page once, and the cell is in the order of the changes.
    fn check_stale() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut total = 0usize;
        for (account, record) in Stale::<T>::iter() {
            let page = Cells::<T>::get(CellId::Stale, record.page).ok_or("9: a page is missing")?;
            let found = page.entries.iter().filter(|e| e.account == account).count();
            ensure!(found == 1, "9: a stale account is not in its page once");
            ensure!(record.since <= now, "9: an account changed in the future");
            total = total.saturating_add(1);
        }
        ensure!(
            total == Self::entries(|cell| matches!(cell, CellId::Stale)),
            "9: an account that is not stale is in the cell of those that are"
        );
        let mut before = None;
        let mut at = cells::last::<T>(CellId::Stale);
        while let Some(page) = at.and_then(|id| Cells::<T>::get(CellId::Stale, id)) {
            for entry in page.entries {
                let since = Stale::<T>::get(&entry.account).map(|record| record.since);
                ensure!(before <= since, "9: a stale account is before an older one");
                before = since;
            }
            at = page.previous;
        }
        Ok(())
    }

    fn entries(of: impl Fn(&CellId) -> bool) -> usize {
        Cells::<T>::iter()
            .filter(|(cell, _, _)| of(cell))
            .fold(0, |sum, (_, _, page)| {
                sum.saturating_add(page.entries.len())
            })
    }

    /// The pages of each cell form one list, none is empty, none is outside.
    fn check_cells() -> Result<(), TryRuntimeError> {
        let mut pages: BTreeMap<CellId, usize> = BTreeMap::new();
        for (cell, id, page) in Cells::<T>::iter() {
            ensure!(!page.entries.is_empty(), "9: a page is empty");
            let head = Heads::<T>::get(cell).ok_or("9: a page without a head")?;
            ensure!(id < head.next_id, "9: a page id is not used yet");
            let count = pages.entry(cell).or_default();
            *count = count.saturating_add(1);
        }
        for (cell, head) in Heads::<T>::iter() {
            let count = pages.remove(&cell).unwrap_or(0);
            ensure!(count != 0, "9: a head without a page");
            Self::check_list(cell, head, count)?;
        }
        Ok(())
    }

    fn check_list(cell: CellId, head: Head, pages: usize) -> Result<(), TryRuntimeError> {
        let mut previous = None;
        let mut at = Some(head.first);
        let mut walked = 0usize;
        while let Some(id) = at {
            let page = Cells::<T>::get(cell, id).ok_or("9: a link leads nowhere")?;
            ensure!(page.previous == previous, "9: a link back is wrong");
            walked = walked.saturating_add(1);
            ensure!(walked <= pages, "9: the pages of a cell form a ring");
            previous = Some(id);
            at = page.next;
        }
        ensure!(walked == pages, "9: a page is not in the list of its cell");
        ensure!(
            previous == Some(head.last),
            "9: a cell ends where its head does not say"
        );
        Ok(())
    }

    /// The bitmaps show exactly the non-empty buckets, and `Factors` who has any triggers.
    fn check_bits() -> Result<(), TryRuntimeError> {
        let bucket_of = |layers, cell| match (layers, cell) {
            (bits::TRIGGERS, CellId::Trigger(factor, bucket))
            | (bits::ENTRIES, CellId::Entry(factor, bucket)) => Some((factor, bucket)),
            (_, CellId::Trigger(..) | CellId::Entry(..) | CellId::Known(_) | CellId::Stale) => None,
        };
        for layers in [bits::TRIGGERS, bits::ENTRIES] {
            let mut buckets = 0u32;
            for cell in Heads::<T>::iter_keys() {
                if let Some((factor, bucket)) = bucket_of(layers, cell) {
                    ensure!(
                        bits::is_set::<T>(layers, factor, bucket),
                        "9: a bucket is not marked"
                    );
                    buckets = buckets.saturating_add(1);
                }
            }
            Self::check_layers(layers, buckets)?;
        }
        Ok(())
    }

    fn check_layers(layers: bits::Layers, buckets: u32) -> Result<(), TryRuntimeError> {
        let (mut leaves, mut words, mut tops, mut marked) = (0u32, 0u32, 0usize, 0u32);
        for ((factor, layer, _), word) in Bits::<T>::iter() {
            let ones = word
                .iter()
                .fold(0u32, |sum, limb| sum.saturating_add(limb.count_ones()));
            ensure!(ones != 0, "9: a word of a bitmap is empty");
            if layer == layers.leaf() {
                leaves = leaves.saturating_add(ones);
                words = words.saturating_add(1);
            } else if layer == layers.top() {
                ensure!(
                    layers == bits::ENTRIES || Factors::<T>::get().binary_search(&factor).is_ok(),
                    "9: a factor is not listed"
                );
                tops = tops.saturating_add(1);
                marked = marked.saturating_add(ones);
            }
        }
        ensure!(leaves == buckets, "9: an empty bucket is marked");
        ensure!(words == marked, "9: the layers of a bitmap differ");
        ensure!(
            layers == bits::ENTRIES || tops == Factors::<T>::get().len(),
            "9: a factor is listed without triggers"
        );
        Ok(())
    }

    /// Every ranked position is in its page once; the positions of an account that is not stale are
    /// ranked, each in the bucket of its entry price, and no others are.
    fn check_ranking() -> Result<(), TryRuntimeError> {
        let mut total = 0usize;
        for (account, ranked) in Ranked::<T>::iter() {
            ensure!(!ranked.is_empty(), "9: an empty record in Ranked");
            for (at, one) in ranked.iter().enumerate() {
                let double = ranked
                    .iter()
                    .skip(at)
                    .skip(1)
                    .any(|o| o.factor == one.factor);
                ensure!(!double, "9: a position is ranked twice");
                let cell = CellId::Entry(one.factor, one.bucket);
                let page = Cells::<T>::get(cell, one.page).ok_or("9: a page is missing")?;
                let found = page.entries.iter().filter(|e| e.account == account).count();
                ensure!(found == 1, "9: a position is not in its page once");
                total = total.saturating_add(1);
            }
            ensure!(
                Stale::<T>::contains_key(&account) || ranking::is_right::<T>(&account, &ranked),
                "9: positions are not ranked by their entry prices"
            );
        }
        ensure!(
            total == Self::entries(|cell| matches!(cell, CellId::Entry(..))),
            "9: a ranked position whose account does not know of it"
        );
        Ok(())
    }

    /// Every account with triggers that is under maintenance is due.
    fn check_due() -> Result<(), TryRuntimeError> {
        for account in Keys::<T>::iter_keys() {
            if T::Ledger::health(&account).is_ok_and(|health| health.is_liquidatable()) {
                ensure!(
                    Self::is_due(&account),
                    "9: an account under maintenance is not due"
                );
            }
        }
        Ok(())
    }

    /// The budget of step 3 has room for at least one evaluation of a stale account, one of another
    /// and one closing with a single fill, or it would never do anything.
    pub(crate) fn check_budget() {
        let limit = T::StepWeight::get();
        assert!(
            Self::smallest_step().all_lte(limit),
            "StepWeight {limit:?} is too small for one account: {:?}",
            Self::smallest_step(),
        );
    }
}
