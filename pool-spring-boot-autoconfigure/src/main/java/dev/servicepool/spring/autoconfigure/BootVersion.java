package dev.servicepool.spring.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Version of Spring Boot. Earlier versions lack methods that the pools call, which would
 * only be visible as a {@link NoSuchMethodError}.
 */
final class BootVersion {

	private static final int MAJOR = 4;

	private static final int MINOR = 1;

	private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*");

	private BootVersion() {
	}

	/**
	 * Check a version.
	 * @param version the version, or {@code null} if it is not known
	 * @throws PoolConfigurationException if the version is not supported
	 */
	static void require(@Nullable String version) {
		Matcher parts = VERSION.matcher((version != null) ? version : "");
		if (parts.matches()) {
			int major = Integer.parseInt(parts.group(1));
			if (major < MAJOR || (major == MAJOR && Integer.parseInt(parts.group(2)) < MINOR)) {
				throw new PoolConfigurationException("pool-spring-boot-starter requires Spring Boot " + MAJOR + "."
						+ MINOR + " or later, found " + version,
						"Update Spring Boot, or remove pool-spring-boot-starter");
			}
		}
	}

}
