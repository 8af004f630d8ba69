package dev.terraseal.keys.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.testkit.tools.Tool;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKeysTest {
    @TempDir
    Path temp;

    private final SoftKey key = SoftKey.newP256(new SecureRandom());
    private final DeclaredKey declared = DeclaredKey.of(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, key.spki());
    private final DeclaredKey elsewhere = DeclaredKey.of(
            KeyUse.ATTEST,
            Algorithm.ECDSA_SHA_256,
            SoftKey.newP256(new SecureRandom()).spki());

    private LocalKeys stored() throws Exception {
        LocalKeys keys = new LocalKeys(temp.resolve("keys"));
        keys.store(List.of(new SoftSigner(declared, key)));
        return keys;
    }

    @Test
    void aStoredKeyIsReadableByItsOwnerOnly() throws Exception {
        LocalKeys keys = stored();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.fileOf(declared))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("keys"))))
                .isEqualTo("rwx------");
    }

    @Test
    void theDeclaredKeyWhosePrivateHalfIsHereSigns() throws Exception {
        Bytes message = Bytes.utf8("m");
        Bytes signature = stored().signer(List.of(elsewhere, declared)).sign(message);
        assertThat(new SignatureChecker(null).verify(declared, message, signature))
                .isTrue();
    }

    @Test
    void aFileThatOthersCanReadIsRefusedWithTheLineThatMendsIt() throws Exception {
        LocalKeys keys = stored();
        Files.setPosixFilePermissions(keys.fileOf(declared), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> keys.signer(List.of(declared)))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("rw-r-----")
                .hasMessageContaining("chmod 600 " + keys.fileOf(declared));
    }

    @Test
    void aMissingKeyIsNamedByItsFile() {
        assertThatThrownBy(() -> new LocalKeys(temp).signer(List.of(declared)))
                .hasMessageContaining("attest-" + declared.keyid().hex().substring(0, 16) + ".pem")
                .hasMessageContaining("restore");
    }

    @Test
    void theKeyInsideDecidesAndNotTheNameOfItsFile() throws Exception {
        LocalKeys keys = stored();
        Files.copy(keys.fileOf(declared), keys.fileOf(elsewhere), StandardCopyOption.COPY_ATTRIBUTES);
        assertThatThrownBy(() -> keys.signer(List.of(elsewhere)))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("holds another key");
    }

    @Test
    void anExistingKeyIsNeverOverwritten() throws Exception {
        LocalKeys keys = stored();
        assertThatThrownBy(() -> keys.store(List.of(new SoftSigner(declared, key))))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileNamedByTheOperatorSignsIfTheLogDeclaresItsKey() throws Exception {
        Path file = stored().fileOf(declared);
        LocalKeyFile source = new LocalKeyFile(file);
        assertThat(source.declaration(KeyUse.ATTEST, null)).isEqualTo(declared);
        assertThat(source.signer(List.of(elsewhere, declared)).key()).isEqualTo(declared);
        assertThatThrownBy(() -> source.signer(List.of(elsewhere)))
                .hasMessageContaining(declared.keyid().hex())
                .hasMessageContaining(elsewhere.keyid().hex());
        assertThatThrownBy(() -> source.declaration(KeyUse.ATTEST, Algorithm.RSASSA_PSS_SHA_256))
                .hasMessageContaining("cannot sign with RSASSA_PSS_SHA_256");
    }

    @Test
    void anEncryptedKeyIsRefusedWithTheLineThatConvertsIt() throws Exception {
        Path file = temp.resolve("k.pem");
        Files.writeString(file, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> PrivateKeyFile.read(file)).hasMessageContaining("openssl pkcs8");
    }

    @Test
    void opensslReadsTheKeysWeWrite() throws Exception {
        String program = Tool.require("openssl").toString();
        SoftKey ed = SoftKey.newEd25519(new SecureRandom());
        DeclaredKey log = DeclaredKey.of(KeyUse.LOG, Algorithm.ED25519_SHA_512, ed.spki());
        LocalKeys keys = new LocalKeys(temp);
        keys.store(List.of(new SoftSigner(declared, key), new SoftSigner(log, ed)));
        for (DeclaredKey each : List.of(declared, log)) {
            Process openssl = new ProcessBuilder(
                            program, "pkey", "-pubout", "-in", keys.fileOf(each).toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(openssl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo(each.pem());
        }
    }
}
