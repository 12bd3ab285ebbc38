//! Collateral that is sold in pools, over the real runtime: a loan whose collateral no longer covers it. The
//! driver checks every numbered invariant after every block.

use crate::attacks_losses::{fund, minus, Losses};
use bulwark_primitives::{AssetId, Rate, SpotPool, SubAccount, Usd};
use bulwark_risk_math::{amount_for, paid_by};
use bulwark_runtime::{
    configs::{SettlementPools, POOL_SETUP_FEE},
    AccountId, AssetConversion, Assets, Margin, Runtime, RuntimeCall, RuntimeEvent,
};
use bulwark_testing::{account, alice, bob, charlie, dave, eve, usd, Chain, Failure, BTC, USDX};
use bulwark_traits::SpotSource;
use polkadot_sdk::{
    pallet_asset_conversion, pallet_assets, pallet_sudo, sp_core::sr25519::Pair,
    sp_runtime::DispatchError,
};

const BITCOIN: u128 = 100_000_000;
const DOT: AssetId = 5;

type PoolCall = pallet_asset_conversion::Call<Runtime>;

fn create(asset: AssetId) -> RuntimeCall {
    PoolCall::create_pool {
        asset1: Box::new(asset),
        asset2: Box::new(USDX),
    }
    .into()
}

fn add(asset: AssetId, amount: u128, dollars: u128, who: &Pair) -> RuntimeCall {
    PoolCall::add_liquidity {
        asset1: Box::new(asset),
        asset2: Box::new(USDX),
        amount1_desired: amount,
        amount2_desired: dollars * 1_000_000,
        amount1_min: 1,
        amount2_min: 1,
        mint_to: account(who),
    }
    .into()
}

fn swap(path: &[AssetId], amount: u128, who: &Pair) -> RuntimeCall {
    PoolCall::swap_exact_tokens_for_tokens {
        path: path.iter().copied().map(Box::new).collect(),
        amount_in: amount,
        amount_out_min: 1,
        send_to: account(who),
        keep_alive: true,
    }
    .into()
}

/// Eve makes a pool of so many hundredths of a bitcoin and so many dollars for each bitcoin.
fn pool(chain: &mut Chain, hundredths: u128, dollars: u128) {
    let all = add(
        BTC,
        hundredths * BITCOIN / 100,
        hundredths * dollars / 100,
        &eve(),
    );
    for call in [create(BTC), all] {
        chain.submit(&eve(), call).expect("anybody may");
    }
}

/// Bob owes 90,000 USD that Dave supplied, and has a bitcoin at 100,000; the fund has so many dollars.
fn loan(in_fund: i64) -> Chain {
    let mut chain = Chain::development_with(|genesis| genesis.insurance.balance = usd(in_fund));
    let supply = pallet_lending::Call::supply {
        amount: usd(200_000),
    };
    chain.submit(&dave(), supply).expect("dave supplies");
    let bitcoin = pallet_margin::Call::deposit {
        sub_account: 0,
        asset: BTC,
        amount: BITCOIN,
    };
    chain.submit(&bob(), bitcoin).expect("bob deposits");
    let borrow = pallet_margin::Call::borrow {
        sub_account: 0,
        amount: usd(90_000),
    };
    chain.submit(&bob(), borrow).expect("bob borrows");
    chain
}

/// What was sold in pools and what the fund took over: bitcoins in base units, and what was paid.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sold {
    in_pool: u128,
    proceeds: i128,
    by_fund: u128,
    paid: i128,
}

impl Sold {
    fn add(&mut self, events: &[RuntimeEvent]) {
        for event in events {
            match event {
                RuntimeEvent::Margin(pallet_margin::Event::CollateralSold {
                    amount,
                    proceeds,
                    ..
                }) => {
                    self.in_pool += amount;
                    self.proceeds += proceeds.0;
                }
                RuntimeEvent::Margin(pallet_margin::Event::CollateralSeized {
                    amount,
                    paid,
                    ..
                }) => {
                    self.by_fund += amount;
                    self.paid += paid.0;
                }
                _ => {}
            }
        }
    }

    /// Of so many blocks.
    fn of(chain: &mut Chain, blocks: u32) -> Self {
        let mut sold = Self::default();
        for _ in 0..blocks {
            chain.blocks(1);
            sold.add(chain.events());
        }
        sold
    }
}

/// A bitcoin falls to 94,000, of which 89,300 count; the fund takes it over at 91,650.
fn fall(chain: &mut Chain) -> Sold {
    chain.price(BTC, 94_000);
    Sold::of(chain, 3)
}

fn bob_has(chain: &mut Chain) -> (Usd, u128) {
    let who = SubAccount::new(account(&bob()), 0);
    chain.read(|| {
        let account = Margin::load(&who);
        (account.balance, account.collateral_of(BTC))
    })
}

fn wallet(chain: &mut Chain, who: &AccountId, asset: AssetId) -> u128 {
    chain.read(|| Assets::balance(asset, who))
}

/// Neither the account nor the way to the pool has anything that it should not.
fn check_settled(chain: &mut Chain, sold: &Sold) {
    let (balance, bitcoins) = bob_has(chain);
    assert!(balance >= Usd::ZERO && balance < Usd(1_000), "{balance:?}");
    assert_eq!(bitcoins, BITCOIN - sold.in_pool - sold.by_fund);
    for asset in [USDX, BTC] {
        assert_eq!(wallet(chain, &Margin::broker(), asset), 0);
    }
}

#[test]
fn loan_should_be_paid_by_a_pool_when_it_pays_more_than_the_fund() {
    let mut chain = loan(1_000_000);
    pool(&mut chain, 9_900, 94_000);
    let before = fund(&mut chain);
    let sold = fall(&mut chain);
    check_settled(&mut chain, &sold);
    assert_eq!((sold.by_fund, sold.paid), (0, 0));
    assert!(sold.proceeds >= usd(90_000).0 && sold.proceeds < usd(90_001).0);
    // 98.2 hundredths would have gone to the fund.
    assert!(
        sold.in_pool > 96_960_000 && sold.in_pool < 96_980_000,
        "{sold:?}"
    );
    // But for its part of the interest the fund is as it was.
    let after = fund(&mut chain);
    assert!(after >= before && minus(after, before) < usd(1));
    let pool = chain.read(bulwark_runtime::Lending::pool).expect("it fits");
    assert_eq!(pool.borrowed, Usd::ZERO);
}

#[test]
fn loan_should_be_paid_by_the_fund_when_there_is_no_pool_or_it_pays_less() {
    let alone = {
        let mut chain = loan(1_000_000);
        let sold = fall(&mut chain);
        check_settled(&mut chain, &sold);
        sold
    };
    assert_eq!((alone.in_pool, alone.proceeds), (0, 0));
    // 90,000 / 91,650, and interest.
    assert!(alone.paid >= usd(90_000).0 && alone.paid < usd(90_001).0);
    assert!(
        alone.by_fund > 98_199_000 && alone.by_fund < 98_201_000,
        "{alone:?}"
    );
    let mut chain = loan(1_000_000);
    // 91,900 less the fee is less than 91,650.
    pool(&mut chain, 5_000, 91_900);
    let sold = fall(&mut chain);
    check_settled(&mut chain, &sold);
    assert_eq!((sold.in_pool, sold.proceeds), (0, 0));
    // A block more or less of interest.
    assert!(sold.by_fund.abs_diff(alone.by_fund) < 10_000);
}

#[test]
fn loan_should_be_paid_by_both_when_the_pool_is_better_for_a_part() {
    let mut chain = loan(1_000_000);
    pool(&mut chain, 1_000, 94_000);
    let sold = fall(&mut chain);
    check_settled(&mut chain, &sold);
    // sqrt(10 * 0.997 * 940,000 / 91,650) - 10 bitcoins, before the fee.
    assert!(
        sold.in_pool > 11_200_000 && sold.in_pool < 11_300_000,
        "{sold:?}"
    );
    assert!(sold.proceeds * 1_000 > sold.in_pool as i128 * 916_500);
    assert!(sold.by_fund > 86_000_000 && sold.by_fund < 88_000_000);
    let all = sold.proceeds + sold.paid;
    assert!(all >= usd(90_000).0 && all < usd(90_001).0);
    // Together less than the fund alone would have taken.
    assert!(sold.in_pool + sold.by_fund < 98_200_000);
}

#[test]
fn parked_loan_should_be_sold_later_when_a_pool_pays_enough() {
    let mut chain = loan(0);
    pool(&mut chain, 5_000, 89_000);
    let sold = fall(&mut chain);
    // Less than the 89,300 that it counts for: the pool does not buy, and the fund has what the pool cost.
    assert_eq!((sold.in_pool, sold.paid), (0, usd(100).0));
    let first = sold;
    let (balance, bitcoins) = bob_has(&mut chain);
    assert!(balance <= usd(-89_900) && balance > usd(-89_901));
    assert_eq!(bitcoins, BITCOIN - first.by_fund);
    // Somebody brings the pool to the market's price.
    let call = swap(&[USDX, BTC], 150_000_000_000, &charlie());
    chain.submit(&charlie(), call).expect("charlie buys");
    let mut sold = Sold::of(&mut chain, 3);
    assert_eq!(sold.by_fund, 0);
    sold.by_fund = first.by_fund;
    check_settled(&mut chain, &sold);
    // For more than it counted.
    assert!(
        sold.proceeds * 1_000 > sold.in_pool as i128 * 893_000,
        "{sold:?}"
    );
}

/// Charlie moves the pool down right before the block that liquidates, and buys back right after.
#[test]
fn sandwich_should_not_sell_below_the_floor_whatever_it_moves() {
    // 91,650 with a fund, 89,300 without.
    for (in_fund, floor) in [(1_000_000, 916_500), (0, 893_000)] {
        for dumped in [20u128, 60, 150, 5_000] {
            let mut chain = loan(in_fund);
            pool(&mut chain, 5_000, 94_000);
            let who = account(&charlie());
            let had = [USDX, BTC].map(|asset| wallet(&mut chain, &who, asset));
            chain.price(BTC, 94_000);
            let down = swap(&[BTC, USDX], dumped * BITCOIN / 100, &charlie());
            chain.submit(&charlie(), down).expect("charlie sells");
            let got = wallet(&mut chain, &who, USDX) - had[0];
            // The block that liquidates, before anybody's transaction.
            let mut sold = Sold::of(&mut chain, 1);
            let up = swap(&[USDX, BTC], got, &charlie());
            chain.submit(&charlie(), up).expect("charlie buys back");
            sold.add(chain.events());
            assert!(
                sold.proceeds * 1_000 >= sold.in_pool as i128 * floor,
                "{dumped}: {sold:?}"
            );
            if in_fund > 0 {
                check_settled(&mut chain, &sold);
                // No more is gone than would be without a pool: 90,000 and its interest at 91,650.
                assert!(
                    sold.in_pool + sold.by_fund < 98_210_000,
                    "{dumped}: {sold:?}"
                );
            }
            // What he has won by it, at the oracle's price, is not more than what the account got less.
            let has = [USDX, BTC].map(|asset| wallet(&mut chain, &who, asset));
            let won = (has[0] as i128 - had[0] as i128) + (has[1] as i128 - had[1] as i128) * 940;
            let discount = sold.in_pool as i128 * 940 - sold.proceeds;
            assert!(won <= discount, "{dumped}: {won} {discount}");
        }
    }
}

#[test]
fn loan_should_be_paid_by_the_fund_when_the_asset_cannot_be_moved() {
    let mut chain = loan(1_000_000);
    pool(&mut chain, 5_000, 94_000);
    let freeze = pallet_assets::Call::<Runtime>::force_asset_status {
        id: BTC.into(),
        owner: account(&alice()).into(),
        issuer: account(&alice()).into(),
        admin: account(&alice()).into(),
        freezer: account(&alice()).into(),
        min_balance: 1,
        is_sufficient: true,
        is_frozen: true,
    };
    let call = Box::new(RuntimeCall::Assets(freeze));
    chain
        .submit(&alice(), pallet_sudo::Call::sudo { call })
        .expect("governance freezes");
    let sold = fall(&mut chain);
    check_settled(&mut chain, &sold);
    assert_eq!((sold.in_pool, sold.proceeds), (0, 0));
    assert!(
        sold.by_fund > 98_199_000 && sold.by_fund < 98_201_000,
        "{sold:?}"
    );
}

#[test]
fn fund_should_pay_what_a_loan_owes_beyond_its_collateral() {
    let mut chain = loan(1_000_000);
    pool(&mut chain, 5_000, 94_000);
    let before = fund(&mut chain);
    // A fall of 9 % is believed at once: 86,450 count, and 88,725 is what the fund takes it over for.
    chain.price(BTC, 91_000);
    let mut sold = Sold::default();
    let mut losses = Losses::default();
    for _ in 0..4 {
        chain.blocks(1);
        sold.add(chain.events());
        losses.add(chain.events());
    }
    // The pool still pays 93,700 for it, so nothing is missing.
    assert!(bob_has(&mut chain).0 >= Usd::ZERO, "{sold:?} {losses:?}");
    assert_eq!((losses, sold.by_fund), (Losses::default(), 0));
    assert!(fund(&mut chain) >= before);

    let mut chain = loan(1_000_000);
    let before = fund(&mut chain);
    chain.price(BTC, 91_000);
    let losses = Losses::of(&mut chain, 4);
    // 90,000 less 88,725 are missing: no market's tier limits what the fund pays for a loan.
    assert_eq!(bob_has(&mut chain), (Usd::ZERO, 0));
    let [shortfall, by_fund, rest @ ..] = losses.0;
    assert!(
        shortfall > usd(1_275).0 && shortfall < usd(1_276).0,
        "{losses:?}"
    );
    assert_eq!((shortfall, rest), (by_fund, [0; 3]));
    let paid = minus(before, fund(&mut chain));
    assert!(paid > usd(90_000 - 1) && paid < usd(90_001), "{paid:?}");
}

#[test]
fn pools_should_be_anybodys_and_their_setup_fee_the_funds() {
    let mut chain = Chain::development();
    let before = fund(&mut chain);
    chain.submit(&eve(), create(BTC)).expect("eve makes one");
    let fee = i128::try_from(POOL_SETUP_FEE).expect("fits");
    assert_eq!(minus(fund(&mut chain), before), Usd(fee));
    chain
        .submit(&charlie(), create(DOT))
        .expect("so does charlie");
    // Each asset has one, and all are against the settlement asset.
    let refused = |chain: &mut Chain, call| match chain.submit(&eve(), call) {
        Err(Failure::Dispatch(DispatchError::Module(error))) => error.message,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&mut chain, create(BTC)), Some("PoolExists"));
    let pair = PoolCall::create_pool {
        asset1: Box::new(BTC),
        asset2: Box::new(DOT),
    };
    assert_eq!(refused(&mut chain, pair.into()), Some("InvalidAssetPair"));
    let ten = add(BTC, 10 * BITCOIN, 1_000_000, &eve());
    chain.submit(&eve(), ten).expect("eve fills it");
    let dots = add(DOT, 100_000 * 10_000_000_000, 500_000, &charlie());
    chain.submit(&charlie(), dots).expect("charlie fills his");
    // From one asset into another by way of the settlement asset.
    let who = account(&dave());
    let had = wallet(&mut chain, &who, DOT);
    let call = swap(&[BTC, USDX, DOT], BITCOIN / 100, &dave());
    chain.submit(&dave(), call).expect("dave swaps");
    assert!(wallet(&mut chain, &who, DOT) > had);
    // What was put in comes out again, with a part of the fee.
    let lp = chain.read(|| {
        pallet_asset_conversion::Pools::<Runtime>::get((USDX, BTC))
            .expect("it is there")
            .lp_token
    });
    let shares = chain.read(|| bulwark_runtime::PoolAssets::balance(lp, account(&eve())));
    let out: RuntimeCall = PoolCall::remove_liquidity {
        asset1: Box::new(BTC),
        asset2: Box::new(USDX),
        lp_token_burn: shares,
        amount1_min_receive: 10 * BITCOIN,
        amount2_min_receive: 1,
        withdraw_to: account(&eve()),
    }
    .into();
    chain.submit(&eve(), out).expect("eve takes it out");
}

/// The formulas by which a sale is planned are those of the pallet, to the unit.
#[test]
fn plan_should_reckon_as_the_pallet_does() {
    let mut chain = Chain::development();
    assert_eq!(chain.read(|| SettlementPools::pool(BTC)), None);
    pool(&mut chain, 1_234, 93_217);
    let found = chain.read(|| SettlementPools::pool(BTC)).expect("a pool");
    let expected = SpotPool {
        base: 1_234_000_000,
        quote: 1_150_297_000_000,
        fee: Rate(3_000_000),
    };
    assert_eq!(found, expected);
    for amount in [1, 7, 1_000, 123_456_789, 1_234_000_000, 99_999_999_999] {
        let quoted = chain
            .read(|| AssetConversion::quote_price_exact_tokens_for_tokens(BTC, USDX, amount, true));
        assert_eq!(paid_by(&found, amount).ok(), quoted, "{amount}");
        let quoted = chain
            .read(|| AssetConversion::quote_price_tokens_for_exact_tokens(BTC, USDX, amount, true));
        assert_eq!(amount_for(&found, amount), Ok(quoted), "{amount}");
    }
    // Governance sets another fee.
    let call = Box::new(RuntimeCall::AssetConversion(PoolCall::set_pool_fee {
        pool_id: (USDX, BTC),
        fee: polkadot_sdk::sp_runtime::Permill::from_percent(1),
    }));
    chain
        .submit(&alice(), pallet_sudo::Call::sudo { call })
        .expect("governance sets it");
    let found = chain.read(|| SettlementPools::pool(BTC)).expect("a pool");
    assert_eq!(found.fee, Rate::percent(1));
}
