//! What comes of calls and hooks: the pallet's events and errors.

use frame_support::pallet_macros::pallet_section;

/// Becomes a part of the pallet's module.
#[pallet_section]
mod outcomes {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The price of an asset, or the reason why it has none, or the median then, is not that of
        /// the last block.
        SnapshotTaken {
            /// The asset.
            asset: AssetId,
            /// What the block sees.
            snapshot: Snapshot,
        },
        /// An account put up its bond.
        FeederRegistered {
            /// The account.
            who: T::AccountId,
            /// The account that will sign its feeds.
            hot_key: T::AccountId,
            /// What is held.
            bond: BalanceOf<T>,
        },
        /// A feeder's values count from now on.
        FeederAdmitted {
            /// The feeder.
            who: T::AccountId,
            /// By what right.
            seat: Seat,
        },
        /// A feeder's values no longer count by decision of governance; its bond is still held.
        FeederRemoved {
            /// The feeder.
            who: T::AccountId,
        },
        /// A feeder left; its values no longer count.
        FeederLeft {
            /// The feeder.
            who: T::AccountId,
            /// When it may withdraw its bond.
            until: Moment,
        },
        /// A registration ended.
        FeederUnregistered {
            /// Whose.
            who: T::AccountId,
            /// What was released.
            released: BalanceOf<T>,
        },
        /// A feeder put up more.
        BondAdded {
            /// The feeder.
            who: T::AccountId,
            /// The whole bond.
            bond: BalanceOf<T>,
        },
        /// Another account signs a feeder's values from now on.
        HotKeyChanged {
            /// The feeder.
            who: T::AccountId,
            /// The account.
            hot_key: T::AccountId,
        },
        /// A feeder lost its open seat to a larger bond.
        FeederDisplaced {
            /// The feeder.
            who: T::AccountId,
            /// Who has the seat now.
            by: T::AccountId,
        },
        /// A feeder's values no longer count, because of its score.
        FeederSuspended {
            /// The feeder.
            who: T::AccountId,
            /// What it did too often.
            offence: Offence,
            /// When it may come back.
            until: Moment,
        },
        /// A part of a bond is gone.
        FeederSlashed {
            /// Whose.
            who: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
        },
        /// A long run of good rounds made a feeder's offences good.
        FeederRestored {
            /// The feeder.
            who: T::AccountId,
        },
        /// The quorum changed.
        QuorumSet {
            /// The new one.
            quorum: Quorum,
        },
        /// The guards changed.
        GuardsSet {
            /// The new ones.
            guards: Guards,
        },
        /// The rules of the score changed.
        ScoringSet {
            /// The new ones.
            scoring: Scoring,
        },
        /// An asset has a price from the next block on.
        AssetAdded {
            /// The asset and its rules.
            entry: OracleAsset,
        },
        /// An asset has other rules from the next block on.
        AssetSet {
            /// The asset and its rules.
            entry: OracleAsset,
        },
        /// An asset has no price any more.
        AssetRemoved {
            /// The asset.
            asset: AssetId,
        },
        /// An hour of an asset's prices is over.
        HourClosed {
            /// The asset.
            asset: AssetId,
            /// Its open, high, low and close.
            bar: HourBar,
        },
        /// Margins follow another expected move of an asset from this block on.
        MoveExpected {
            /// The asset.
            asset: AssetId,
            /// What is expected of the running hour.
            expected: ExpectedMove,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account has a registration.
        AlreadyRegistered,
        /// The account has no registration.
        NotRegistered,
        /// The feeder has a seat.
        AlreadyAdmitted,
        /// The account is registered but has no seat.
        NotAdmitted,
        /// No more feeders can be active.
        TooManyFeeders,
        /// The quorum is outside its bounds.
        QuorumOutOfBounds,
        /// The asset is listed.
        AssetExists,
        /// The asset is not listed.
        UnknownAsset,
        /// No more assets can be listed.
        TooManyAssets,
        /// The settlement asset is worth one USD by definition.
        SettlementAsset,
        /// The bond is under the least one, or not larger than that of whoever has the seat.
        BondTooSmall,
        /// The account signs for somebody already.
        HotKeyTaken,
        /// Nothing is not an amount.
        ZeroAmount,
        /// The feeder is on its way out.
        Leaving,
        /// The feeder is not on its way out.
        NotLeaving,
        /// The time has not come.
        TooEarly,
        /// The feeder is suspended.
        Suspended,
        /// The feeder is not suspended.
        NotSuspended,
        /// Governance took the feeder off; governance alone can seat it again.
        Barred,
        /// No open seat is free, and nobody has one.
        NoOpenSeat,
        /// A market or collateral needs the price.
        AssetInUse,
        /// The asset's own age or tolerance is outside its bounds.
        AssetOutOfBounds,
        /// A guard is outside its bounds.
        GuardsOutOfBounds,
        /// A rule of the score is outside its bounds.
        ScoringOutOfBounds,
        /// The share is larger than one slash may take.
        SlashTooLarge,
    }
}
