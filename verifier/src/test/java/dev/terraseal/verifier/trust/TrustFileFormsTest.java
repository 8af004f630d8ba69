package dev.terraseal.verifier.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.testkit.mutation.TrustFiles;
import org.junit.jupiter.api.Test;

/** What of a trust file is taken and what is not; the page is asked the same. */
class TrustFileFormsTest {
    @Test
    void oneMeaningIsTakenAndAnyOtherFormRefused() {
        for (TrustFiles.Case each : TrustFiles.all(20261129L)) {
            if (each.taken()) {
                assertThat(TrustFile.parse(each.file()).genesis())
                        .as(each.name())
                        .isNotNull();
            } else {
                assertThatThrownBy(() -> TrustFile.parse(each.file()))
                        .as(each.name())
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
