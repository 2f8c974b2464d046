package dev.servicepool.spring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link BootVersion}.
 */
class BootVersionTests {

	@ParameterizedTest
	@ValueSource(strings = { "3.5.7", "4.0.0", "4.0.9", "4.0.10-SNAPSHOT" })
	void rejectsEarlierVersions(String version) {
		assertThatExceptionOfType(PoolConfigurationException.class).isThrownBy(() -> BootVersion.require(version))
			.withMessage("pool-spring-boot-starter requires Spring Boot 4.1 or later, found " + version
					+ ". Update Spring Boot, or remove pool-spring-boot-starter.");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "4.1.0", "4.1.0-RC1", "4.2.0-M1", "4.10.1", "5.0.0", "", "unknown" })
	void acceptsOtherVersions(String version) {
		assertThatNoException().isThrownBy(() -> BootVersion.require(version));
	}

	@Test
	void acceptsVersionOnClassPath() {
		assertThatNoException().isThrownBy(() -> BootVersion.require(SpringBootVersion.getVersion()));
	}

}
