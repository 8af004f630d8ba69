package dev.terraseal.page;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.terraseal.page.browser.Tab;
import java.nio.file.Path;

/** The page's form as a person fills it in, and what the page then says. */
final class Form {
    static final String ANSWERED =
            "document.querySelector('#verdict section') !== null || !document.getElementById('problem').hidden";

    private Form() {}

    static String text(Tab tab, String element) {
        return tab.evaluate("document.querySelector('" + element + "').innerText")
                .asText();
    }

    static int count(Tab tab, String elements) {
        return tab.evaluate("document.querySelectorAll('" + elements + "').length")
                .asInt();
    }

    /** Puts a genesis in before anything is asked. */
    static void giveGenesis(Tab tab, String genesis) {
        tab.evaluate("document.getElementById('genesis').value = '" + genesis + "'; 0");
    }

    /** Writes into a field as a keyboard or a paste does. */
    static void type(Tab tab, String field, String text) {
        tab.evaluate("""
                ((field, text) => {
                  field.value = text;
                  field.dispatchEvent(new Event('input', { bubbles: true }));
                })(document.querySelector('%s'), %s)
                """.formatted(field, TextNode.valueOf(text)));
    }

    static void choose(Tab tab, String input, Path file) {
        tab.choose(input, file);
        tab.until(ANSWERED);
    }

    static void press(Tab tab, String button) {
        tab.evaluate("document.querySelector('" + button + "').click(); 0");
    }

    static void verify(Tab tab) {
        press(tab, "#verify");
        tab.until(ANSWERED);
    }
}
