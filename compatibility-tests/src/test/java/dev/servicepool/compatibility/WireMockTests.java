package dev.servicepool.compatibility;

import java.net.URI;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRegistry;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application whose context outlives WireMock, which is started again on the
 * same port, as between two test classes.
 */
@Tag("slow")
@Timeout(60)
class WireMockTests {

	@Test
	void afterResetNothingOfFirstServerRemains() {
		WireMockServer first = start(0);
		String uri = first.baseUrl();
		first.stubFor(WireMock.get("/").willReturn(WireMock.status(503)));
		application(uri).run((context) -> {
			while (snapshot(context).health().outage() == null) {
				assertThat(status(context, uri)).isEqualTo(503);
			}
			first.stop();
			context.getBean(PoolRegistry.class).reset();
			WireMockServer second = start(URI.create(uri).getPort());
			try {
				second.stubFor(WireMock.post("/").willReturn(WireMock.created()));
				ResponseEntity<Void> response = client(context).post()
					.uri(uri)
					.body("order")
					.retrieve()
					.toBodilessEntity();
				assertThat(response.getStatusCode()).isEqualTo(HttpStatus.CREATED);
				second.verify(1, WireMock.postRequestedFor(WireMock.urlEqualTo("/")));
				assertThat(snapshot(context).health().outage()).isNull();
				assertThat(snapshot(context).services()).singleElement()
					.satisfies((service) -> assertThat(service.totals().failures()).isZero());
			}
			finally {
				second.stop();
			}
		});
	}

	/** Start a server at a port, or at any port if it is 0. */
	private static WireMockServer start(int port) {
		WireMockServer server = new WireMockServer(WireMockConfiguration.options().port(port));
		server.start();
		return server;
	}

	private static ApplicationContextRunner application(String uri) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
					RestClientAutoConfiguration.class))
			.withPropertyValues("pool.instances.orders.targets=" + uri);
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build();
	}

	private static int status(ApplicationContext context, String uri) {
		return client(context).get().uri(uri).exchange((request, response) -> response.getStatusCode().value());
	}

}
