package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ResolvingTargetSource}.
 */
class ResolvingTargetSourceTests {

	@Test
	void resolvesEachAddressOfEachHost() throws Exception {
		assertThat(source("http://a:8080", "http://b").targets("orders")).containsExactly(
				URI.create("http://10.0.0.1:8080"), URI.create("http://[2001:db8:0:0:0:0:0:1]:8080"),
				URI.create("http://10.0.0.1"), URI.create("http://[2001:db8:0:0:0:0:0:1]"));
	}

	@Test
	void removesDuplicateAddresses() throws Exception {
		assertThat(source("http://a", "http://b").targets("orders")).hasSize(2);
	}

	@Test
	void failsWhenOneHostCannotBeResolved() {
		assertThatExceptionOfType(UnknownHostException.class)
			.isThrownBy(() -> source("http://a", "http://nowhere").targets("orders"))
			.withMessage("nowhere");
	}

	private static ResolvingTargetSource source(String... targets) {
		return new ResolvingTargetSource(List.of(targets).stream().map(URI::create).map(Target::of).toList(),
				ResolvingTargetSourceTests::addresses);
	}

	private static InetAddress[] addresses(String host) throws UnknownHostException {
		if (host.equals("nowhere")) {
			throw new UnknownHostException(host);
		}
		return new InetAddress[] { InetAddress.getByName("10.0.0.1"), InetAddress.getByName("2001:db8::1") };
	}

}
