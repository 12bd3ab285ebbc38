//! Attacks on who pays for a loss, played on the real runtime. The driver checks every numbered
//! invariant after every block.

use bulwark_primitives::{Side, SubAccount, Usd};
use bulwark_runtime::{Insurance, Liquidation, Runtime, RuntimeEvent};
use bulwark_testing::{
    account, bob, charlie, dave, eve, price, quantity, usd, Chain, Failure, BTC, BTC_USD,
};
use bulwark_traits::LossFund;
use polkadot_sdk::sp_core::sr25519::Pair;

pub fn equity(chain: &mut Chain, who: &Pair) -> Usd {
    chain.health(who).expect("the price is clean").equity
}

pub fn fund(chain: &mut Chain) -> Usd {
    chain.read(<Insurance as LossFund>::balance)
}

pub fn minus(a: Usd, b: Usd) -> Usd {
    a.checked_sub(b).expect("fits")
}

/// `buyer` long and `seller` short so many BTC at the present price of whole dollars.
pub fn trade(chain: &mut Chain, buyer: &Pair, seller: &Pair, bitcoins: u128, at: u128) {
    let size = quantity(bitcoins * 1_000);
    chain
        .order(seller, BTC_USD, Side::Ask, size, price(at))
        .expect("the offer rests");
    chain
        .order(buyer, BTC_USD, Side::Bid, size, price(at))
        .expect("the bid fills");
}

/// What losses took of each layer: shortfall, fund, deleveraging, haircut, unpaid. Each sums up.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Losses(pub [i128; 5]);

impl Losses {
    pub fn add(&mut self, events: &[RuntimeEvent]) {
        for event in events {
            if let RuntimeEvent::Liquidation(pallet_liquidation::Event::LossCovered {
                shortfall,
                by_fees,
                by_fund,
                by_stakers,
                by_deleveraging,
                by_haircut,
                unpaid,
                ..
            }) = event
            {
                let of_fund = by_fees.0 + by_fund.0 + by_stakers.0;
                let layers = [of_fund, by_deleveraging.0, by_haircut.0, unpaid.0];
                assert_eq!(layers.iter().sum::<i128>(), shortfall.0);
                let all = [shortfall.0, layers[0], layers[1], layers[2], layers[3]];
                for (sum, part) in self.0.iter_mut().zip(all) {
                    *sum += part;
                }
            }
        }
    }

    pub fn of(chain: &mut Chain, blocks: u32) -> Self {
        let mut losses = Self::default();
        for _ in 0..blocks {
            chain.blocks(1);
            losses.add(chain.events());
        }
        losses
    }
}

pub fn deposit_all(chain: &mut Chain, deposits: &[(Pair, i64)]) {
    for (who, dollars) in deposits {
        chain.deposit(who, usd(*dollars)).expect("deposits");
    }
}

/// Both halves of a pumped position belong to the attacker: the short goes bankrupt beyond what the
/// fund has, the long cannot take more out than there was to lose.
#[test]
fn pumping_an_inherited_short_should_win_no_more_than_the_fund_may_pay() {
    let mut chain = Chain::development();
    deposit_all(
        &mut chain,
        &[
            (bob(), 1_620_000),
            (charlie(), 2_000_000),
            (dave(), 200_000),
            (eve(), 50_000),
        ],
    );
    trade(&mut chain, &charlie(), &bob(), 300, 100_000);
    // Somebody else is long too, with little leverage, and somebody has no position at all.
    trade(&mut chain, &dave(), &eve(), 1, 100_000);
    let both = [bob(), charlie()];
    let before: i128 = both.iter().map(|who| equity(&mut chain, who).0).sum();
    let fund_before = fund(&mut chain);
    let rank = |chain: &mut Chain, who: &Pair| {
        let account = SubAccount::new(account(who), 0);
        chain
            .read(|| Liquidation::adl_rank(&account, BTC_USD))
            .expect("has a position")
    };
    chain.price(BTC, 101_000);
    chain.blocks(2);
    let (first, second) = (rank(&mut chain, &charlie()), rank(&mut chain, &dave()));
    assert_eq!((first.place, second.place), (0, 1), "{first:?} {second:?}");
    // 9 % in one block, as far as the price is still believed: 2,700,000 lost with 1,620,000.
    chain.price(BTC, 109_000);
    chain.blocks(1);
    let losses = Losses::of(&mut chain, 4);
    let [shortfall, of_fund, deleveraged, haircut, unpaid] = losses.0;
    // All of it, with the dust of funding that came in meanwhile.
    assert!((0..10).contains(&(of_fund - fund_before.0)), "{losses:?}");
    assert!(deleveraged > 0, "{losses:?}");
    // What accrues between two attempts is cut, and nothing is left.
    assert!(haircut < usd(1).0 && unpaid == 0, "{losses:?}");
    assert!(shortfall < usd(1_200_000).0, "{losses:?}");
    let after: i128 = both.iter().map(|who| equity(&mut chain, who).0).sum();
    assert!(after - before <= of_fund + haircut, "{after} {before}");
    assert_eq!(fund(&mut chain), Usd::ZERO);
    // Nobody else's position was touched, and no further pump takes anything.
    assert_eq!(equity(&mut chain, &dave()).0 / 1_000_000_000, 208);
    chain.price(BTC, 112_000);
    assert_eq!(Losses::of(&mut chain, 3), Losses::default());
}

/// No bidders at all: the price of a closing never leaves the mark by more than the rules say, and
/// nobody waits for a keeper.
#[test]
fn positions_should_be_closed_at_mark_when_nobody_bids_at_all() {
    let mut chain = Chain::development();
    deposit_all(&mut chain, &[(bob(), 60_000), (charlie(), 500_000)]);
    trade(&mut chain, &bob(), &charlie(), 10, 100_000);
    let before = equity(&mut chain, &charlie());
    chain.price(BTC, 92_000);
    // Bankrupt by 20,000, which the fund has: half a minute for the book, and as long as the breaker
    // stops the market.
    let losses = Losses::of(&mut chain, 260);
    let [shortfall, of_fund, deleveraged, haircut, unpaid] = losses.0;
    assert!(
        shortfall > usd(19_000).0 && of_fund == shortfall,
        "{losses:?}"
    );
    assert_eq!((deleveraged, haircut, unpaid), (0, 0, 0));
    // The short has won all of the fall.
    let won = minus(equity(&mut chain, &charlie()), before);
    // With the interest of five minutes in which the book was empty.
    assert!(
        minus(won, usd(80_000)) < usd(1) && won >= usd(80_000),
        "{won:?}"
    );
    assert!(equity(&mut chain, &bob()) >= Usd::ZERO);
}

/// Bankruptcy prices that do not overlap: those with the highest rank have not won what is missing.
#[test]
fn no_account_should_stay_negative_when_bankruptcy_prices_do_not_overlap() {
    let mut chain = Chain::development();
    deposit_all(
        &mut chain,
        &[
            (bob(), 1_760_000),
            (charlie(), 3_000_000),
            (dave(), 3_000_000),
            (eve(), 100_000),
        ],
    );
    trade(&mut chain, &bob(), &charlie(), 150, 100_000);
    chain.price(BTC, 99_000);
    chain.blocks(2);
    trade(&mut chain, &bob(), &dave(), 150, 99_000);
    let flat = equity(&mut chain, &eve());
    let all = |chain: &mut Chain| {
        let people = [bob(), charlie(), dave(), eve()];
        let sum: i128 = people.iter().map(|who| equity(chain, who).0).sum();
        sum + fund(chain).0
    };
    let before = all(&mut chain);
    chain.price(BTC, 90_000);
    let losses = Losses::of(&mut chain, 6);
    assert!(losses.0[2] > 0, "{losses:?}");
    assert_eq!(losses.0[4], 0, "{losses:?}");
    for who in [bob(), charlie(), dave()] {
        let health = chain.health(&who).expect("priced");
        assert!(!health.is_bankrupt() && !health.is_liquidatable());
    }
    assert_eq!(equity(&mut chain, &eve()), flat);
    // Nothing was made or lost but the roundings of a closing.
    assert!((all(&mut chain) - before).abs() <= 10);
}

/// Stakers who see a loss coming do not leave it to the others.
#[test]
fn stakers_should_not_leave_when_a_loss_is_open() {
    let mut chain = Chain::development();
    let stake = pallet_insurance::Call::<Runtime>::stake {
        amount: usd(100_000),
    };
    chain.submit(&dave(), stake).expect("dave stakes");
    let shares = chain.read(|| Insurance::stake_of(&account(&dave())).shares);
    let request = pallet_insurance::Call::<Runtime>::request_unstake { shares };
    chain.submit(&dave(), request).expect("dave asks");
    let leave = || pallet_insurance::Call::<Runtime>::unstake {};
    let refused = chain.submit(&dave(), leave());
    assert!(matches!(refused, Err(Failure::Dispatch(_))), "{refused:?}");
    deposit_all(&mut chain, &[(bob(), 1_620_000), (charlie(), 3_000_000)]);
    trade(&mut chain, &bob(), &charlie(), 300, 100_000);
    chain.price(BTC, 90_500);
    let losses = Losses::of(&mut chain, 4);
    // 1,240,000 of debt: the fund's own million, then the stakers.
    assert!(losses.0[1] > usd(1_000_000).0, "{losses:?}");
    let left = chain.read(|| pallet_insurance::StakePool::<Runtime>::get().assets);
    assert!(left < usd(100_000), "{left:?}");
    assert_eq!(
        chain.read(|| <Insurance as LossFund>::available(BTC_USD).own),
        Usd::ZERO
    );
}
