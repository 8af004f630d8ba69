package dev.terraseal.testkit.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** A checkpoint taken apart by lines, its first signature checked with the JDK. */
record NaiveNote(String origin, long size, String root, boolean signed) {
    static NaiveNote read(Bytes note, Bytes logSpki) {
        String[] lines = note.utf8().split("\n", -1);
        if (lines.length < 6 || !lines[3].isEmpty() || !lines[4].startsWith("\u2014 " + lines[0] + " ")) {
            throw new IllegalStateException("no checkpoint of three lines and the log's own signature: " + note.utf8());
        }
        byte[] field = Base64.getDecoder().decode(lines[4].substring(lines[4].lastIndexOf(' ') + 1));
        String text = lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n";
        return new NaiveNote(lines[0], Long.parseLong(lines[1]), lines[2], verifies(lines[0], text, field, logSpki));
    }

    private static boolean verifies(String name, String text, byte[] field, Bytes spki) {
        Bytes raw = spki.slice(spki.length() - 32, spki.length());
        Bytes keyId = Digest.of(Bytes.utf8(name + "\n"), Bytes.fromHex("01"), raw)
                .bytes()
                .slice(0, 4);
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki.toByteArray())));
            ed25519.update(Bytes.utf8(text).toByteArray());
            return Bytes.copyOf(field, 0, 4).equals(keyId) && ed25519.verify(field, 4, field.length - 4);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }
}
