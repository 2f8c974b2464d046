package dev.servicepool.benchmarks.page;

import java.io.IOException;
import java.util.Properties;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * JDK that runs the measurements.
 *
 * @param java the path of the {@code java} command
 * @param feature the feature version
 * @param description the version and the vendor
 */
record Jdk(String java, int feature, String description) {

	static Jdk at(String home) throws IOException {
		Properties release = PropertiesLoaderUtils.loadProperties(new FileSystemResource(home + "/release"));
		release.replaceAll((name, value) -> value.toString().replace("\"", ""));
		return new Jdk(home + "/bin/java", Runtime.Version.parse(release.getProperty("JAVA_VERSION")).feature(),
				"JDK " + release.getProperty("JAVA_RUNTIME_VERSION") + " (" + release.getProperty("IMPLEMENTOR") + ")");
	}

	/** Return the name that the page uses for this JDK. */
	String name() {
		return "JDK " + this.feature;
	}

}
