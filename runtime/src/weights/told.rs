//! Weights of what moves margins.
//!
//! When an hour ends the oracle tells the registry what is expected of each asset, and every market on
//! that asset takes it in. The oracle's benchmarks know of no markets, so what they do is added.

use super::pallet_markets;
use crate::Runtime;
use ::pallet_markets::WeightInfo as _;
use core::marker::PhantomData;
use polkadot_sdk::frame_support::{traits::Get, weights::Weight};

/// `W`, with the work of all markets added wherever moves are told. Each market has one index asset, so
/// telling of all assets tells each market once.
#[derive(Debug)]
pub struct Told<W>(PhantomData<W>);

fn told() -> Weight {
    let markets = <<Runtime as ::pallet_markets::Config>::MaxMarkets as Get<u32>>::get();
    pallet_markets::WeightInfo::<Runtime>::moves_changed(markets)
}

impl<W: pallet_price_oracle::WeightInfo> pallet_price_oracle::WeightInfo for Told<W> {
    fn register_feeder() -> Weight {
        W::register_feeder()
    }

    fn unregister_feeder() -> Weight {
        W::unregister_feeder()
    }

    fn admit_feeder() -> Weight {
        W::admit_feeder()
    }

    fn remove_feeder() -> Weight {
        W::remove_feeder()
    }

    fn set_quorum() -> Weight {
        W::set_quorum()
    }

    fn add_asset() -> Weight {
        W::add_asset().saturating_add(told())
    }

    fn remove_asset() -> Weight {
        W::remove_asset()
    }

    fn withdraw_bond() -> Weight {
        W::withdraw_bond()
    }

    fn add_bond() -> Weight {
        W::add_bond()
    }

    fn set_hot_key() -> Weight {
        W::set_hot_key()
    }

    fn claim_seat() -> Weight {
        W::claim_seat()
    }

    fn resume_feeder() -> Weight {
        W::resume_feeder()
    }

    fn set_asset() -> Weight {
        W::set_asset().saturating_add(told())
    }

    fn set_guards() -> Weight {
        W::set_guards()
    }

    fn set_scoring() -> Weight {
        W::set_scoring()
    }

    fn slash_feeder() -> Weight {
        W::slash_feeder()
    }

    fn on_initialize(a: u32) -> Weight {
        W::on_initialize(a)
    }

    fn on_initialize_hours(a: u32) -> Weight {
        W::on_initialize_hours(a).saturating_add(told())
    }

    fn read_feeds(v: u32) -> Weight {
        W::read_feeds(v)
    }

    fn close_round(f: u32) -> Weight {
        W::close_round(f)
    }

    fn feed_values(v: u32) -> Weight {
        W::feed_values(v)
    }
}
