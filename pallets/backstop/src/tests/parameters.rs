//! What governance may set, and when.

use crate::{mock::*, types::Parameters, Error, Event, Params};
use bulwark_primitives::Rate;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn set(parameters: Parameters) -> sp_runtime::DispatchResult {
    Backstop::set_parameters(RuntimeOrigin::root(), parameters)
}

#[test]
fn defaults_should_be_valid_and_what_a_new_chain_has() {
    assert!(Parameters::default().is_valid());
    new_test_ext().execute_with(|| assert_eq!(Params::<Test>::get(), Parameters::default()));
}

#[test]
fn set_parameters_should_need_the_origin() {
    new_test_ext().execute_with(|| {
        let origin = RuntimeOrigin::signed(ALICE);
        assert_noop!(
            Backstop::set_parameters(origin, Parameters::default()),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn set_parameters_should_refuse_what_is_out_of_bounds() {
    let good = Parameters::default();
    let bad = [
        Parameters {
            market_loss: Rate::percent(21),
            day_loss: Rate::percent(30),
            ..good
        },
        Parameters {
            market_loss: Rate::percent(11),
            ..good
        },
        Parameters {
            day_loss: Rate::percent(51),
            ..good
        },
        Parameters {
            market_notional: Rate::percent(201),
            ..good
        },
        Parameters {
            margin: Rate::percent(4),
            ..good
        },
        Parameters {
            margin: Rate::percent(101),
            ..good
        },
        Parameters {
            premium: Rate::percent(21),
            ..good
        },
        Parameters {
            exit_notional: Rate::percent(101),
            ..good
        },
        Parameters {
            slice: Rate::basis_points(9),
            ..good
        },
        Parameters {
            slice: Rate::percent(101),
            ..good
        },
        Parameters {
            first_discount: Rate::percent(2),
            ..good
        },
        Parameters {
            last_discount: Rate::percent(6),
            ..good
        },
        Parameters {
            patience: 0,
            ..good
        },
        Parameters {
            patience: 43_201,
            ..good
        },
        Parameters {
            market_loss: Rate(u64::MAX),
            day_loss: Rate(u64::MAX),
            ..good
        },
    ];
    new_test_ext().execute_with(|| {
        for parameters in bad {
            assert_noop!(set(parameters), Error::<Test>::InvalidParameters);
        }
        // The widest there are, with which every formula works.
        let widest = Parameters {
            market_loss: Rate::percent(20),
            day_loss: Rate::percent(50),
            market_notional: Rate::percent(200),
            margin: Rate::percent(5),
            premium: Rate::percent(20),
            exit_notional: Rate::ONE,
            slice: Rate::ONE,
            first_discount: Rate::percent(5),
            last_discount: Rate::percent(5),
            patience: 1,
        };
        assert_ok!(set(widest));
        assert_eq!(
            System::events().pop().unwrap().event,
            Event::ParametersSet { parameters: widest }.into()
        );
    });
}

#[test]
fn loosening_should_wait_after_a_change_and_tightening_should_not() {
    new_test_ext().execute_with(|| {
        let start = Parameters::default();
        let tight = Parameters {
            market_loss: Rate::percent(4),
            ..start
        };
        let tighter = Parameters {
            day_loss: Rate::percent(9),
            ..tight
        };
        assert_ok!(set(tight));
        assert_ok!(set(tighter));
        let loosenings = [
            Parameters {
                market_loss: Rate::percent(5),
                ..tighter
            },
            Parameters {
                day_loss: Rate::percent(10),
                ..tighter
            },
            Parameters {
                market_notional: Rate::percent(60),
                ..tighter
            },
            Parameters {
                margin: Rate::percent(9),
                ..tighter
            },
            Parameters {
                premium: Rate::percent(6),
                ..tighter
            },
            Parameters {
                exit_notional: Rate::percent(30),
                ..tighter
            },
            Parameters {
                slice: Rate::percent(6),
                ..tighter
            },
            Parameters {
                first_discount: Rate::basis_points(6),
                ..tighter
            },
            Parameters {
                last_discount: Rate::percent(2),
                ..tighter
            },
            Parameters {
                patience: 1_799,
                ..tighter
            },
        ];
        for loosening in loosenings {
            assert_noop!(set(loosening), Error::<Test>::ChangedRecently);
        }
        System::set_block_number(201);
        assert_ok!(set(start));
    });
}
