package dev.servicepool.spring.autoconfigure;

import java.net.URI;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiteralAddress}.
 */
class LiteralAddressTests {

	@ParameterizedTest
	@ValueSource(strings = { "224.0.0.1", "239.255.255.255", "[ff02::1]", "[FF05:0::2%25eth9]", "[::ffff:224.0.0.1]" })
	void multicastAddressesAreFound(String host) {
		assertThat(LiteralAddress.isMulticast(host(host))).isTrue();
		assertThat(LiteralAddress.isLocal(host(host))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]",
			"169.254.169.254", "[fe80::1]", "[fe80::1%25eth9]", "localhost", "LocalHost", "a.localhost", "2130706433",
			"2130706433.", "0x7f000001", "0" })
	void localAddressesAreFound(String host) {
		assertThat(LiteralAddress.isLocal(host(host))).isTrue();
		assertThat(LiteralAddress.isMulticast(host(host))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.1", "192.168.0.1", "223.255.255.255", "[2001:db8::1]", "[fd00::1]", "orders",
			"localhost.example.com", "mylocalhost", "1.a", "0xylene" })
	void otherHostsAreNeitherLocalNorMulticast(String host) {
		assertThat(LiteralAddress.isLocal(host(host))).isFalse();
		assertThat(LiteralAddress.isMulticast(host(host))).isFalse();
	}

	/** Return the host as a URI contains it. */
	private static String host(String text) {
		return URI.create("http://" + text + ":8080").getHost();
	}

}
