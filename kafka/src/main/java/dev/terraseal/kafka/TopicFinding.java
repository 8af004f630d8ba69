package dev.terraseal.kafka;

/** One thing about the topics as they are that could lose evidence. */
public record TopicFinding(String topic, String setting, String found, String wanted, String otherwise, String mend) {

    /** One line for people: the setting, what was found, what is wanted, what happens otherwise and the mend. */
    public String text() {
        return "topic " + topic + ": " + setting + " is " + found + ", must be " + wanted + " (" + otherwise + "); "
                + mend;
    }
}
