//! What closing frees when opposite positions offset each other.

use crate::{
    mock::{new_test_ext, Runtime},
    offsets,
};
use bulwark_primitives::{Correlation, MarketParams, Rate, Size, SIZE_SCALE};
use bulwark_risk_math::offset::MAX_POSITIONS;
use bulwark_traits::mock::{market_params, Registry};

const FIRST: u32 = 2;
const SECOND: u32 = 4;

/// Initial and maintenance rates that closing the position at `place` frees.
fn freed(positions: &[(Size, u32)], place: usize) -> (Rate, Rate) {
    let params = MarketParams {
        initial_margin: Rate::percent(5),
        maintenance_margin: Rate::percent(3),
        ..market_params()
    };
    let freed = offsets::of::<Runtime>(positions)[place].freed(params);
    (freed.initial_margin, freed.maintenance_margin)
}

#[test]
fn closing_should_free_less_when_the_position_is_offset() {
    new_test_ext().execute_with(|| {
        let shares = [(FIRST, Rate::percent(50)), (SECOND, Rate::ZERO)];
        Registry::set_matrix(&shares, &[Correlation::percent(80)]);
        let (long, short) = (Size(SIZE_SCALE as i128), Size(-(SIZE_SCALE as i128)));
        let whole = (Rate::percent(5), Rate::percent(3));
        let hedged = [(long, FIRST), (short, SECOND)];
        // 80 % of 50 % of it, and of 25 %.
        let less = (Rate::percent(3), Rate::basis_points(240));
        assert_eq!(freed(&hedged, 0), less);
        assert_eq!(freed(&hedged, 1), whole);
        // The mean of two.
        let half = [(long, FIRST), (short, SECOND), (short, 9)];
        assert_eq!(freed(&half, 0), (Rate::percent(4), Rate::basis_points(270)));
        assert_eq!(freed(&[(long, FIRST), (long, SECOND)], 0), whole);
        let mut many = vec![(short, SECOND); MAX_POSITIONS + 1];
        many[0] = (long, FIRST);
        assert_eq!(freed(&many, 0), whole);
        assert_eq!(freed(&many[1..], 0), whole);
        assert_eq!(freed(&many[..MAX_POSITIONS], 0), less);
    });
}
