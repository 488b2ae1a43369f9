from raftune.render.charts import Curve, curve_of
from raftune.report_records import CurvePoint


def point(step, train=None, validation=None):
    return CurvePoint(step=step, train_loss=train, validation_loss=validation)


def test_the_curve_fills_the_square():
    curve = curve_of([point(0, 3.0), point(5, 2.0, 2.5), point(10, 1.0)])
    assert curve.train == "0.00,0.00 50.00,50.00 100.00,100.00"
    assert curve.validation == "50.00,25.00"
    assert curve.dots == (("50.00%", "25.00%"),)
    assert (curve.highest, curve.lowest, curve.first, curve.last) == (3.0, 1.0, 0, 10)


def test_a_flat_curve_and_a_single_step_are_drawn():
    assert curve_of([point(3, 1.0), point(3, 1.0)]).train == "0.00,0.00 0.00,0.00"


def test_without_losses_there_is_no_curve():
    assert curve_of([point(1), point(2)]) == Curve.empty()
