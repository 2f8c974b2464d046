package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import dev.servicepool.Pool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a slice test of clients creates no pools and opens no connections.
 */
@RestClientTest(components = RestClientSliceTests.Orders.class,
		properties = { "pool.instances.orders.targets=http://10.0.0.1:8080,http://10.0.0.2:8080",
				"pool.instances.orders.url=http://orders" })
class RestClientSliceTests {

	@Autowired
	private ApplicationContext context;

	@Autowired
	private Orders orders;

	@Autowired
	private MockRestServiceServer server;

	@Test
	void mockServerReceivesRequestsOfPlainClient() {
		this.server.expect(MockRestRequestMatchers.requestTo("http://orders/7"))
			.andRespond(MockRestResponseCreators.withSuccess().body("seven"));
		assertThat(this.orders.get(7)).isEqualTo("seven");
		assertThat(this.context.getBeanProvider(Pool.class).stream()).isEmpty();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Orders orders(RestClient.Builder builder, RestClientPools pools) {
			return new Orders(builder, pools);
		}

	}

	static class Orders {

		private final RestClient client;

		Orders(RestClient.Builder builder, RestClientPools pools) {
			this.client = builder.baseUrl("http://orders").apply(pools.fromPool("orders")).build();
		}

		String get(int number) {
			return this.client.get().uri("/{number}", number).retrieve().body(String.class);
		}

	}

}
