package dev.servicepool.spring.language;

/**
 * A piece of text in a file.
 *
 * @param file the path of the file
 * @param line the number of its first line, from 1
 * @param kind the kind of text
 * @param text the text, without markup
 */
record Passage(String file, int line, Kind kind, String text) {

	/** Where a text stands. */
	enum Kind {

		/** A line of Markdown, or of another text file. */
		LINE,

		/** A comment of Java code. */
		COMMENT,

		/** A string of Java code. */
		STRING,

		/** An identifier of Java code, split into its words. */
		IDENTIFIER

	}

	@Override
	public String toString() {
		return this.file + ":" + this.line + ": " + this.text;
	}

}
