use super::*;
use crate::{math::cube_root, mul_div, signed_mul_div, MathError, Rounding};
use proptest::prelude::*;

/// All magnitudes alike, not only the huge ones.
fn any_u128() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0u32..128).prop_map(|(value, shift)| value >> shift)
}

fn any_i128() -> impl Strategy<Value = i128> {
    (any::<i128>(), 0u32..128).prop_map(|(value, shift)| value >> shift)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn mul_div_should_be_the_exact_quotient_when_it_fits(
        a in any_u128(), b in any_u128(), c in any_u128(), up in any::<bool>(),
    ) {
        let rounding = if up { Rounding::Up } else { Rounding::Down };
        let result = mul_div(a, b, c, rounding);
        if c == 0 {
            prop_assert_eq!(result, Err(MathError::DivisionByZero));
        } else {
            let expected = exact(big(a) * big(b), big(c), up);
            prop_assert_eq!(result.ok(), u128::try_from(expected).ok());
            if let Err(error) = result {
                prop_assert_eq!(error, MathError::Overflow);
            }
        }
    }

    #[test]
    fn signed_mul_div_should_be_the_exact_quotient_when_it_fits(
        a in any_i128(), b in any_u128(), c in any_u128(), up in any::<bool>(),
    ) {
        prop_assume!(c != 0);
        let rounding = if up { Rounding::Up } else { Rounding::Down };
        let expected = exact(big(a) * big(b), big(c), up);
        prop_assert_eq!(signed_mul_div(a, b, c, rounding).ok(), i128::try_from(expected).ok());
    }

    #[test]
    fn cube_root_should_be_the_largest_integer_whose_cube_fits(value in any_u128()) {
        let root = cube_root(value);
        prop_assert!(big(root).pow(3) <= big(value));
        prop_assert!(big(root + 1).pow(3) > big(value));
    }
}

#[test]
fn mul_div_should_round_as_told_when_the_quotient_is_not_whole() {
    assert_eq!(mul_div(7, 3, 2, Rounding::Down), Ok(10));
    assert_eq!(mul_div(7, 3, 2, Rounding::Up), Ok(11));
    assert_eq!(signed_mul_div(-7, 3, 2, Rounding::Down), Ok(-11));
    assert_eq!(signed_mul_div(-7, 3, 2, Rounding::Up), Ok(-10));
}

#[test]
fn mul_div_should_overflow_when_only_the_rounding_does() {
    assert_eq!(
        mul_div(u128::MAX, u128::MAX, u128::MAX, Rounding::Up),
        Ok(u128::MAX)
    );
    let (a, b, c) = (u128::MAX, u128::MAX - 1, u128::MAX - 1);
    assert_eq!(mul_div(a, b, c, Rounding::Up), Ok(u128::MAX));
    assert_eq!(
        mul_div(1 << 127, 3, 1, Rounding::Down),
        Err(MathError::Overflow)
    );
    assert_eq!(
        signed_mul_div(i128::MIN, 1, 1, Rounding::Down),
        Ok(i128::MIN)
    );
    assert_eq!(
        signed_mul_div(i128::MAX, 2, 1, Rounding::Down),
        Err(MathError::Overflow)
    );
}

#[test]
fn division_should_fail_when_the_divisor_is_zero_and_the_product_is_wide() {
    for value in [0, 1, u128::MAX] {
        assert_eq!(
            mul_div(value, u128::MAX, 0, Rounding::Up),
            Err(MathError::DivisionByZero)
        );
    }
}
