package dev.servicepool.spring.routing;

import java.net.URI;

import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for warnings about requests that almost have the address of a pool.
 */
@ExtendWith(OutputCaptureExtension.class)
class MissedRequestsTests {

	private static final String WARNING = "does not use this pool, because the address of the pool is ";

	@AutoClose
	private final Server server = Server.responding("ok");

	@ParameterizedTest
	@ValueSource(strings = { "https://127.0.0.1:%d", "http://127.0.0.1:80", "http://localhost:%d", "http://[::1]:%d",
			"http://LOCALHOST" })
	void similarAddressCausesOneWarning(String url, CapturedOutput output) {
		String address = url.formatted(this.server.uri().getPort());
		Applications.pooled(this.server.uri(), "pool.instances.orders.url=" + address).run((context) -> {
			get(context, this.server.uri());
			get(context, this.server.uri());
			assertThat(output).containsOnlyOnce("Pool 'orders': a request to " + this.server.uri() + " " + WARNING
					+ address + ". If the pool should serve such requests, change their address or"
					+ " 'pool.instances.orders.url'.");
		});
	}

	@Test
	void otherHostCausesNoWarning(CapturedOutput output) {
		Applications.pooled(this.server.uri(), "pool.instances.orders.url=http://orders").run((context) -> {
			get(context, this.server.uri());
			assertThat(output).doesNotContain(WARNING);
		});
	}

	@Test
	void usedPoolCausesNoWarning(CapturedOutput output) throws Exception {
		try (Server other = Server.responding("other")) {
			Applications.pooled(this.server.uri()).run((context) -> {
				assertThat(get(context, this.server.uri())).isEqualTo("ok");
				assertThat(get(context, other.uri())).isEqualTo("other");
				assertThat(output).doesNotContain(WARNING);
			});
		}
	}

	private static String get(ApplicationContext context, URI uri) {
		return Applications.client(context).get().uri(uri).retrieve().body(String.class);
	}

}
