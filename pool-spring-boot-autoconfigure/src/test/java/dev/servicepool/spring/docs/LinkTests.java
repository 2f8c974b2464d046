package dev.servicepool.spring.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that links between pages have existing targets, and that the index links to each
 * page.
 */
class LinkTests {

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]*))?\\)");

	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

	@Test
	void linksLeadToExistingFilesAndHeadings() throws IOException {
		for (Path page : Documentation.pages()) {
			LINK.matcher(Documentation.read(page)).results().forEach((link) -> {
				Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
				assertThat(target).as("link on %s", page).exists();
				if (link.group(2) != null) {
					assertThat(HEADING.matcher(Documentation.read(target)).results().map(LinkTests::anchor))
						.as("headings of %s, linked on %s", target, page)
						.contains(link.group(2));
				}
			});
		}
	}

	@Test
	void indexLinksToEveryPage() throws IOException {
		Path index = Documentation.ROOT.resolve("docs/README.md");
		assertThat(Documentation.read(Documentation.ROOT.resolve("README.md"))).contains("](docs/README.md)");
		for (Path page : Documentation.pages()) {
			if (!Files.isSameFile(page.getParent(), Documentation.ROOT) && !Files.isSameFile(page, index)) {
				assertThat(Documentation.read(index)).contains("](" + page.getFileName());
			}
		}
	}

	/** Return the anchor that GitHub creates for a heading. */
	private static String anchor(MatchResult heading) {
		return heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
	}

}
