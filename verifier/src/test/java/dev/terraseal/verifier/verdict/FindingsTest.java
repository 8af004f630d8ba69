package dev.terraseal.verifier.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindingsTest {
    private static final int MANY = 3 * Findings.KEPT_PER_LAYER;

    private static void add(Findings findings, FindingName name, int times) {
        for (int i = 0; i < times; i++) {
            findings.add(Layer.TIME, name, "file" + i, "message " + i);
        }
    }

    private static List<FindingName> names(Findings findings) {
        return findings.inOrder().stream().map(Finding::name).distinct().toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailureBehindManyFindingsAboutTheWorldIsKeptAndDecides(boolean all) {
        Findings findings = new Findings(all);
        add(findings, FindingName.TIME_OUTSIDE, MANY);
        assertThat(findings.anyFailure()).isFalse();
        add(findings, FindingName.TOKEN_MISSING, 1);
        assertThat(findings.anyRefusal()).isTrue();
        assertThat(names(findings)).containsExactly(FindingName.TIME_OUTSIDE, FindingName.TOKEN_MISSING);
        assertThat(findings.of(Layer.TIME)).hasSize(Findings.KEPT_PER_LAYER + 1);
        assertThat(findings.beyondKept(Layer.TIME)).isEqualTo(MANY - Findings.KEPT_PER_LAYER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailureBehindWhatCannotBeCheckedIsStillTheAnswer(boolean all) {
        Findings findings = new Findings(all);
        add(findings, FindingName.NOT_CHECKABLE, MANY);
        assertThat(findings.failed(Layer.TIME)).isTrue();
        assertThat(findings.anyRefusal()).isFalse();
        assertThat(findings.isDecided(Layer.TIME)).isFalse();
        add(findings, FindingName.BAD_TOKEN, 1);
        assertThat(findings.anyRefusal()).isTrue();
        assertThat(findings.isDecided(Layer.TIME)).isEqualTo(!all);
        assertThat(names(findings)).contains(FindingName.BAD_TOKEN);
    }

    @Test
    void oneFailureIsEnoughUnlessAllAreWantedAndThenTheRestIsCounted() {
        Findings first = new Findings(false);
        add(first, FindingName.BAD_TOKEN, MANY);
        assertThat(first.inOrder()).hasSize(1);
        Findings every = new Findings(true);
        add(every, FindingName.BAD_TOKEN, MANY);
        assertThat(every.of(Layer.TIME)).hasSize(Findings.KEPT_PER_LAYER);
        assertThat(every.inOrder()).last().extracting(Finding::message).isEqualTo("400 more of this layer");
    }

    @Test
    void aLayerThatNobodyConcludedIsNoSuccess() {
        Findings findings = new Findings(false);
        findings.conclude(LayerResult.valid(Layer.CHAIN, "whole"));
        findings.requireConcluded(EnumSet.of(Layer.CHAIN));
        assertThat(findings.anyFailure()).isFalse();
        findings.requireConcluded(EnumSet.of(Layer.CHAIN, Layer.TIME));
        assertThat(findings.failed(Layer.TIME)).isTrue();
        assertThat(findings.anyRefusal()).isFalse();
    }
}
