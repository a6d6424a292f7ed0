"""Stage games: who moves when, what is signed at a leaf, and what ratification and reneging are worth."""

import numpy as np
import pytest
from sim.errors import ScenarioError, TooLargeError, UsageError
from sim.games.outcomes import lowest_slack, outcomes_of
from sim.games.protocols import PROTOCOLS
from sim.games.stages import stage_game
from sim.loading import loads
from sim.payoffs import NotFiniteError, compile_dispute

FILE = """
parameters: {spread: {value: 2.0, range: [0.5, 4]}, cost: 1}
issues: {deal: {none: {}, small: {signed: 1, size: 1}, large: {signed: 1, size: 2}}}
outcomes: {treaty: signed}
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
  washington: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}
payoffs:
  tokyo: {gain: 3*size - 1*hostile*signed}
  moscow: {gain: 4*signed - 2*size}
  washington: {gain: hostile*size}
domestic:
  moscow: {duma: {type: veto_player, utility: 1.5 - size}}
  tokyo: {diet: {type: veto_player, utility: size - 0.25*hostile}}
game: GAME
"""


def built(game, text=FILE):
    return stage_game(compile_dispute(loads(text.replace("GAME", game))))


def leaves(game):
    """Per leaf, by labels: the agreement and the stances that result."""
    out = {}
    for leaf in np.ndindex(*game.shape):
        words = tuple(axis.labels[k] for axis, k in zip(game.axes, leaf, strict=True))
        label = game.dispute.space.label(int(game.leaf_agreement[leaf]))
        out[words] = (label, game.dispute.profile_label(int(game.leaf_profile[leaf])))
    return out


def order(game):
    return [[f"{game.axes[k].actor}.{game.axes[k].kind}" for k in stage] for stage in game.stages]


@pytest.mark.parametrize(
    ("game", "moves", "ratified"),
    [
        ("ultimatum", [["tokyo.offer"], ["moscow.reply"], ["washington.stance"]], False),
        (
            "{protocol: ultimatum, proposer: moscow}",
            [["moscow.offer"], ["tokyo.reply"], ["washington.stance"]],
            False,
        ),
        ("offer_reply", [["washington.stance"], ["tokyo.offer"], ["moscow.reply"]], True),
        ("demand", [["tokyo.demand", "moscow.demand"], ["washington.stance"]], False),
        ("strategic", [["tokyo.demand", "moscow.demand", "washington.stance"]], False),
        (
            "[{offer: tokyo}, {reply: moscow}, ratify]",
            [["tokyo.offer"], ["moscow.reply"], ["washington.stance"]],
            True,
        ),
        (
            "[[tokyo.demand, washington.stance], moscow.demand]",
            [["tokyo.demand", "washington.stance"], ["moscow.demand"]],
            False,
        ),
    ],
)
def test_order_of_moves(game, moves, ratified):
    found = built(game)
    assert order(found) == moves
    assert found.ratified is ratified
    assert found.simultaneous is (len(moves) == 1)


def test_every_protocol_has_its_order_tested():
    assert set(PROTOCOLS) == {"demand", "offer_reply", "strategic", "ultimatum"}


@pytest.mark.parametrize(
    ("words", "agreement"),
    [
        (("small", "accept", "oppose"), "small"),
        (("small", "reject", "oppose"), "none"),
        (("large", "accept", "support"), "large"),
        (("none", "accept", "support"), "none"),
    ],
)
def test_what_an_ultimatum_signs(words, agreement):
    found = leaves(built("ultimatum"))
    assert found[words] == (agreement, f"washington={words[2]}")
    assert len(found) == 3 * 2 * 2


@pytest.mark.parametrize(
    ("words", "agreement"),
    [
        (("small", "accept", "large", "accept"), "small"),
        (("small", "accept", "large", "reject"), "small"),
        (("small", "reject", "large", "accept"), "large"),
        (("small", "reject", "large", "reject"), "none"),
        (("none", "accept", "large", "accept"), "large"),
    ],
)
def test_a_counter_offer_counts_only_where_the_first_failed(words, agreement):
    game = built("[{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}]")
    assert leaves(game)[(*words, "support")][0] == agreement


@pytest.mark.parametrize("one", ["none", "small", "large"])
@pytest.mark.parametrize("two", ["none", "small", "large"])
def test_demands_stand_only_where_they_agree(one, two):
    found = leaves(built("demand"))
    assert found[one, two, "oppose"][0] == (one if one == two else "none")


def test_an_offer_to_two_needs_both():
    text = FILE.replace(
        "  moscow: {role: principal}", "  moscow: {role: principal}\n  seoul: {role: principal}"
    )
    text = text.replace("  washington: {gain", "  seoul: {gain: signed}\n  washington: {gain")
    found = leaves(built("[{offer: tokyo}, {reply: [moscow, seoul]}]", text))
    assert found["small", "accept", "accept", "support"][0] == "small"
    assert found["small", "accept", "reject", "support"][0] == "none"
    assert found["small", "reject", "accept", "support"][0] == "none"


def test_a_menu_keeps_the_status_quo():
    game = built("[{offer: tokyo, menu: size == 2}, {reply: moscow}]")
    assert game.axes[0].labels == ("none", "large")


# --- payoffs -----------------------------------------------------------------------------------------------

# Home slacks: duma 1.5 - size is 0.5 for small, -0.5 for large; diet size - 0.25*hostile is 1, 2 and at
# least 0.75. Neither applies to the status quo. Phi(0.25) and Phi(-0.25) from a table of the normal law.
PHI = {0.25: 0.5987063256829237, -0.25: 0.4012936743170763}


def payoffs(game, actor, **chosen):
    """An actor's payoff at the one leaf that the chosen labels describe."""
    outcomes = outcomes_of(game, game.dispute.at(game.dispute.point()))
    leaf = tuple(axis.labels.index(chosen[f"{axis.actor}_{axis.kind}"]) for axis in game.axes)
    row = outcomes.leaf[leaf]
    return float(outcomes.payoffs[actor][row, 0]), float(outcomes.ratification[row, 0])


def test_lowest_home_slack():
    slack = lowest_slack(built("ultimatum").dispute.at(np.zeros((0, 1))), ("home",))[..., 0]
    assert slack.tolist() == [[np.inf, np.inf], [0.5, 0.5], [-0.5, -0.5]]


@pytest.mark.parametrize(
    ("game", "deal", "stance", "tokyo", "moscow", "chance"),
    [
        # nothing is required: payoffs as signed
        ("{protocol: ultimatum, requires: []}", "large", "support", 6, 0, 1),
        ("{protocol: ultimatum, requires: []}", "large", "oppose", 5, 0, 1),
        # no move asks Moscow's duma, so that its condition is required
        ("ultimatum", "large", "support", 0, 0, 0),
        ("ultimatum", "large", "oppose", 0, 0, 0),
        ("{protocol: ultimatum, requires: [abroad]}", "large", "oppose", 5, 0, 1),
        # certain: small passes at home, large fails and leaves the status quo
        ("offer_reply", "small", "oppose", 2, 2, 1),
        ("offer_reply", "large", "oppose", 0, 0, 0),
        # by chance, noise 2: small passes with Phi(0.5/2), large with Phi(-0.5/2)
        (
            "{protocol: offer_reply, noise: spread}",
            "small",
            "support",
            3 * PHI[0.25],
            2 * PHI[0.25],
            PHI[0.25],
        ),
        (
            "{protocol: offer_reply, noise: spread}",
            "large",
            "oppose",
            5 * PHI[-0.25],
            0,
            PHI[-0.25],
        ),
        ("{protocol: offer_reply, noise: spread}", "none", "oppose", 0, 0, 1),
    ],
)
def test_what_ratification_is_worth(game, deal, stance, tokyo, moscow, chance):
    chosen = {"tokyo_offer": deal, "moscow_reply": "accept", "washington_stance": stance}
    found = built(game)
    assert payoffs(found, "tokyo", **chosen) == pytest.approx((tokyo, chance), abs=1e-12)
    assert payoffs(found, "moscow", **chosen) == pytest.approx((moscow, chance), abs=1e-12)


RENEGE = (
    "[{offer: tokyo}, {reply: moscow}, washington.stance, RATIFY"
    "{implement: moscow, reneging: {moscow: 5, tokyo: -3*size - cost}}]"
)


@pytest.mark.parametrize(
    ("ratify", "deal", "done", "tokyo", "moscow"),
    [
        ("", "small", "comply", 3, 2),
        ("", "small", "renege", 3 - 4, 2 + 5),
        ("", "none", "renege", 0, 0),
        ("ratify, ", "small", "renege", -1, 7),
        ("ratify, ", "large", "renege", 0, 0),
        ("{ratify: {noise: 2}}, ", "large", "renege", PHI[-0.25] * (6 - 7), PHI[-0.25] * 5),
    ],
)
def test_what_reneging_is_worth(ratify, deal, done, tokyo, moscow):
    found = built(RENEGE.replace("RATIFY", ratify))
    chosen = {
        "tokyo_offer": deal,
        "moscow_reply": "accept",
        "washington_stance": "support",
        "moscow_implement": done,
    }
    assert payoffs(found, "tokyo", **chosen)[0] == pytest.approx(tokyo, abs=1e-12)
    assert payoffs(found, "moscow", **chosen)[0] == pytest.approx(moscow, abs=1e-12)


def test_noise_that_is_swept_counts_point_by_point():
    scenario = loads(FILE.replace("GAME", "{protocol: offer_reply, noise: spread}"))
    dispute = compile_dispute(scenario, ["spread"])
    outcomes = outcomes_of(stage_game(dispute), dispute.at(np.array([[1.0, 2.0]])))
    small_support = 1 * 2
    assert outcomes.ratification[small_support] == pytest.approx([0.6914624612740131, PHI[0.25]])


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "place", "message"),
    [
        ("[]", "16:7: game", "nobody makes an offer or a demand"),
        ("[washington.stance]", "16:7: game", "nobody makes an offer or a demand"),
        ("[tokyo.offer]", "16:7: game", "an offer needs a reply of moscow"),
        ("[moscow.reply]", "16:8: game.0", "'moscow' has no offer to reply to"),
        (
            "[tokyo.offer, tokyo.reply]",
            "16:21: game.1",
            "'tokyo' has no offer to reply to; it made this one",
        ),
        ("[tokyo.offer, moscow.offer, tokyo.reply]", "16:21: game.1", "needs a reply of moscow"),
        ("[tokyo.demand]", "16:7: game", "every principal must make a demand; moscow makes none"),
        (
            "[tokyo.demand, moscow.demand, tokyo.demand]",
            "16:37: game.2",
            "'tokyo.demand' occurs twice",
        ),
        (
            "[tokyo.demand, moscow.offer, tokyo.reply]",
            "16:7: game",
            "use offers or demands, not both",
        ),
        ("[tokyo.offer, moscow.reply, ratify, ratify]", "16:7: game", "'ratify' may occur once"),
        (
            "[tokyo.offer, moscow.reply, ratify, washington.stance]",
            "16:7: game",
            "only 'implement' may follow",
        ),
        (
            "[tokyo.offer, [moscow.reply, ratify]]",
            "16:7: game",
            "'ratify' must be a stage of its own",
        ),
        (
            "[{implement: moscow, reneging: {moscow: 1}}, tokyo.offer, moscow.reply]",
            "16:7: game",
            "'implement' must come after",
        ),
        (
            "[tokyo.offer, moscow.reply, {implement: moscow, reneging: {moscow: 1}}, "
            "{implement: tokyo, reneging: {tokyo: 1}}]",
            "16:79: game.3",
            "'implement' may occur once: one actor complies or reneges, and moscow does already",
        ),
        (
            "[tokyo.offer, moscow.reply, [washington.stance, washington.stance]]",
            "16:35: game.2",
            "occurs twice",
        ),
        (
            "[tokyo.offer, moscow.reply, moscow.stance]",
            "16:35: game.2",
            "is not a third party with stances; legal: washington",
        ),
        (
            "[washington.offer, moscow.reply]",
            "16:8: game.0",
            "'washington' is not a principal; legal: moscow, tokyo",
        ),
        (
            "[tokyo.ofer, moscow.reply]",
            "16:8: game.0",
            "'tokyo.ofer' is not a stage; did you mean 'offer'?",
        ),
        (
            "[{offer: tokio}, moscow.reply]",
            "16:8: game.0",
            "'tokio' is not a principal; did you mean 'tokyo'?",
        ),
        (
            "[tokyo.offer, moscow.reply, implement]",
            "16:35: game.2",
            "'implement' does not say who moves; write {implement: ACTOR, reneging: {ACTOR: ",
        ),
        (
            "[tokyo.offer, moscow.reply, {implement: }]",
            "16:35: game.2",
            "'implement' does not say who moves",
        ),
        (
            "[tokyo.offer, moscow.reply, {implement: moscow}]",
            "16:35: game.2",
            "'reneging' is missing: what moscow and others gain or lose when it reneges; write",
        ),
        (
            "[tokyo.offer, moscow.reply, [moscow.implement, tokyo.implement]]",
            "16:35: game.2",
            "'implement' may occur once",
        ),
        (
            "[offer, moscow.reply]",
            "16:8: game.0",
            "'offer' does not say who moves; write offer: ACTOR",
        ),
        ("[tokyo.offer, moscow.reply, []]", "16:35: game.2", "a stage without moves"),
        ("[tokyo.offer, moscow.reply, 3]", "16:35: game.2", "'3' is not a stage"),
        ("[tokyo.offer, moscow.reply, {ratify: 0.1}]", "16:35: game.2", "is not a stage"),
        (
            "[tokyo.offer, {reply: moscow, menu: size}]",
            "16:21: game.1",
            "'menu' belongs to offer and demand",
        ),
        ("[{offer: tokyo, noise: 1}, moscow.reply]", "16:8: game.0", "'noise' belongs to ratify"),
        (
            "[{offer: tokyo, menu: hostile}, moscow.reply]",
            "16:29: game.0.menu",
            "cannot be used here",
        ),
        (
            "[tokyo.offer, moscow.reply, {ratify: {noise: size}}]",
            "16:52: game.2.ratify.noise",
            "only parameters",
        ),
        (
            "[tokyo.offer, moscow.reply, {implement: moscow, reneging: {mosow: 1}}]",
            "16:35: game.2",
            "did you mean 'moscow'?",
        ),
        ("ultimatm", "16:7: game", "unknown protocol 'ultimatm'; did you mean 'ultimatum'?"),
        ("{protocol: ultimatum, proposer: tokio}", "16:39: game.proposer", "did you mean 'tokyo'?"),
        ("{protocol: ultimatum, noise: 1}", "16:36: game.noise", "nothing is ratified by chance"),
        ("{protocol: demand, proposer: tokyo}", "16:36: game.proposer", "nobody makes an offer"),
        (
            "{protocol: ultimatum, propser: tokyo}",
            "16:29: game.propser",
            "did you mean 'proposer'?",
        ),
    ],
)
def test_games_that_make_no_sense_are_refused_where_they_stand(game, place, message):
    with pytest.raises(ScenarioError) as caught:
        loads(FILE.replace("GAME", game), origin="x.yaml")
    assert f"x.yaml:{place}: " in str(caught.value)
    assert message in str(caught.value)


def test_a_scenario_without_game_cannot_be_solved():
    with pytest.raises(UsageError, match="has no 'game'"):
        built("", FILE.replace("game: GAME\n", ""))


def test_a_game_of_too_many_leaves_is_refused():
    deals = ", ".join(f"d{k}: {{signed: 1}}" for k in range(700))
    text = FILE.replace("small: {signed: 1, size: 1}", f"{deals}, small: {{signed: 1, size: 1}}")
    with pytest.raises(
        TooLargeError, match=r"988,418 leaves, the limit is 400,000; narrow the menu"
    ):
        built("demand", text)


@pytest.mark.parametrize("noise", ["0", "-1", "cost - 1", "0/0"])
def test_noise_must_be_positive(noise):
    game = built(f"[tokyo.offer, moscow.reply, {{ratify: {{noise: {noise}}}}}]")
    with pytest.raises(UsageError, match=r":16:.*the noise of 'ratify' must be positive"):
        _ = outcomes_of(game, game.dispute.at(game.dispute.point())).table


def test_reneging_without_finite_value_is_refused():
    game = built("[tokyo.offer, moscow.reply, {implement: moscow, reneging: {tokyo: 1/size}}]")
    with pytest.raises(
        NotFiniteError, match=r"reneging.tokyo: '1/size' is not a number at agreement 'none'"
    ):
        _ = outcomes_of(game, game.dispute.at(game.dispute.point())).table
