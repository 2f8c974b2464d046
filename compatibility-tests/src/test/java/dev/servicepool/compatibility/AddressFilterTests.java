package dev.servicepool.compatibility;

import java.net.URI;
import java.util.Objects;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.FilteredHostException;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties.Factory;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that clients of pools call only the addresses that an {@link InetAddressFilter}
 * of the application allows, as plain clients do.
 */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE")
class AddressFilterTests {

	private static final URI NAME = URI.create("http://orders.test");

	@Parameter
	private Factory library;

	@AutoClose
	private final Server server = Server.http1().addresses(2).start((request, response) -> {
		String location = request.getParameter("to");
		if (location != null) {
			response.setHeader("Location", location);
		}
		Handler.respond(request, response, (location != null) ? 302 : 200, request.getLocalAddr());
	});

	private final URI allowed = this.server.uris().get(0);

	private final URI filtered = this.server.uris().get(1);

	@Test
	void filteredAddressIsRejectedAsByPlainClient() {
		assertSameAsPlain(this.filtered, this.filtered);
		assertThat(this.server.count()).isZero();
	}

	/** The JDK's client does not filter the address to which a redirect leads. */
	@Test
	void redirectIsFilteredAsByPlainClient() {
		assertSameAsPlain(this.allowed, URI.create(this.allowed + "/?to=" + this.filtered));
	}

	private void assertSameAsPlain(URI target, URI request) {
		runner().run((plain) -> runner().withPropertyValues("pool.instances.orders.targets=" + target)
			.run((pooled) -> assertThat(result(pooled, request)).isEqualTo(result(plain, request))));
	}

	@Test
	void addressOfTargetIsFilteredBehindNameOfPool() {
		runner()
			.withPropertyValues("pool.instances.orders.url=" + NAME, "pool.instances.orders.targets=" + this.filtered)
			.run((context) -> {
				Throwable failure = catchThrowable(() -> get(context, NAME));
				assertThat(Stream.iterate(failure, Objects::nonNull, Throwable::getCause))
					.hasAtLeastOneElementOfType(FilteredHostException.class);
				assertThat(this.server.count()).isZero();
			});
	}

	@Test
	void requestsMoveToAllowedTarget() {
		runner()
			.withPropertyValues("pool.instances.orders.url=" + NAME,
					"pool.instances.orders.targets=" + this.filtered + "," + this.allowed)
			.run((context) -> {
				for (int i = 0; i < 20; i++) {
					assertThat(get(context, NAME)).isEqualTo("127.0.0.1");
				}
				assertThat(this.server.count()).isEqualTo(20);
			});
	}

	@Test
	void clientWithOwnFilterIsNotPooled(CapturedOutput output) {
		runner().withPropertyValues("pool.instances.orders.targets=" + this.allowed).run((context) -> {
			HttpClientSettings settings = context.getBean(HttpClientSettings.class)
				.withInetAddressFilter(InetAddressFilter.of("127.0.0.2"));
			RestClient client = RestClient.builder()
				.requestFactory(context.getBean(ClientHttpRequestFactoryBuilder.class).build(settings))
				.build();
			assertThat(catchThrowable(() -> client.get().uri(this.allowed).retrieve().toBodilessEntity())).isNotNull();
			assertThat(this.server.count()).isZero();
			assertThat(output).contains("do not have the inet-address-filter of this client."
					+ " Declare the filter as a bean, so that it also applies to the clients of the pool.");
		});
	}

	private static String get(ApplicationContext context, URI uri) {
		return context.getBean(RestClient.Builder.class).build().get().uri(uri).retrieve().requiredBody(String.class);
	}

	/** Return the body of the response, or the causes of the failure. */
	private static Object result(ApplicationContext context, URI uri) {
		try {
			return get(context, uri);
		}
		catch (RuntimeException ex) {
			return Stream.iterate((Throwable) ex, Objects::nonNull, Throwable::getCause)
				.map(Throwable::toString)
				.toList();
		}
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class))
			.withBean(InetAddressFilter.class, () -> InetAddressFilter.of("127.0.0.1"))
			.withPropertyValues("spring.http.clients.imperative.factory=" + this.library);
	}

}
