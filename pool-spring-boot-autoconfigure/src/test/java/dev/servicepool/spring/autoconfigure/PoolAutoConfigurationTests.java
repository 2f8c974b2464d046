package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.util.Map;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.spring.http.HttpCall;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PoolAutoConfiguration}.
 */
class PoolAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class));

	@Test
	void createsInterceptorForEachHttpServiceFactory() {
		this.runner.withUserConfiguration(Factories.class).run((context) -> {
			RestClientPools pools = context.getBean(RestClientPools.class);
			assertThat(pools.interceptor("ordersClient")).isNotNull();
			assertThat(pools.interceptor("quotes")).isNotNull();
			assertThatExceptionOfType(PoolConfigurationException.class).isThrownBy(() -> pools.interceptor("lengths"))
				.withMessageContaining("Pool 'lengths' accepts String, not HTTP requests");
			assertThatExceptionOfType(PoolConfigurationException.class).isThrownBy(() -> pools.interceptor("nope"))
				.withMessageContaining("No pool is named 'nope'");
		});
	}

	@Test
	void injectsPoolByItsTypes() {
		this.runner.withUserConfiguration(Factories.class, User.class)
			.run((context) -> assertThat(context.getBean(User.class).lengths.call("four")).isEqualTo(4));
	}

	@Test
	void onlyHttpPoolsHaveDefaultLimits() {
		this.runner.withUserConfiguration(Factories.class).run((context) -> {
			assertThat(context.getBean("quotesPool", Pool.class).settings().maxConcurrency()).isEqualTo(20);
			assertThat(context.getBean("quotesPool", Pool.class).settings().maxServices()).isEqualTo(16);
			assertThat(context.getBean("lengthsPool", Pool.class).settings().maxServices())
				.isEqualTo(Integer.MAX_VALUE);
		});
	}

	@Test
	void instancePropertyOverridesGlobalProperty() {
		this.runner.withUserConfiguration(Factories.class)
			.withPropertyValues("pool.max-services=7", "pool.urgency=0.5", "pool.instances.quotes.max-services=9")
			.run((context) -> {
				assertThat(context.getBean("quotesPool", Pool.class).settings().maxServices()).isEqualTo(9);
				assertThat(context.getBean("quotesPool", Pool.class).settings().urgency()).isEqualTo(0.5);
				assertThat(context.getBean("lengthsPool", Pool.class).settings().maxServices()).isEqualTo(7);
			});
	}

	@Test
	void environmentVariableOverridesCamelCaseInstance() {
		this.runner.withUserConfiguration(Factories.class)
			.withPropertyValues("pool.instances.ordersClient.max-services=3",
					"pool.instances.ordersClient.max-concurrency=5")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("POOL_INSTANCES_ORDERSCLIENT_MAXSERVICES", "4", "POOL_PORT", "tcp://10.0.0.1:80"))))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("ordersClientPool", Pool.class).settings().maxServices()).isEqualTo(4);
				assertThat(context.getBean("ordersClientPool", Pool.class).settings().maxConcurrency()).isEqualTo(5);
			});
	}

	@Test
	void mockServerReceivesHeadersOfLaterInterceptors() {
		this.runner.withUserConfiguration(Factories.class)
			.withPropertyValues("pool.instances.quotes.targets=http://target:81")
			.run((context) -> {
				RestClient.Builder builder = RestClient.builder()
					.baseUrl("http://quotes")
					.apply(context.getBean(RestClientPools.class).fromPool("quotes"))
					.requestInterceptor((request, body, execution) -> {
						request.getHeaders().setBearerAuth("secret");
						return execution.execute(request, body);
					});
				MockRestServiceServer server = MockRestServiceServer.bindTo(builder).build();
				server.expect(MockRestRequestMatchers.requestTo("http://target:81/a"))
					.andExpect(MockRestRequestMatchers.method(HttpMethod.GET))
					.andExpect(MockRestRequestMatchers.header("Authorization", "Bearer secret"))
					.andRespond(MockRestResponseCreators.withStatus(HttpStatus.NO_CONTENT));
				builder.build().get().uri("/a").retrieve().toBodilessEntity();
				server.verify();
				assertThat(context.getBean("quotesPool", Pool.class).snapshot().totals().calls().succeeded()).isOne();
			});
	}

	@Test
	void failureNamesPropertyValueAndRemedy() {
		this.runner.withUserConfiguration(Factories.class)
			.withPropertyValues("pool.instances.quotes.max-services=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.satisfies((ex) -> assertThat(String.valueOf(context.getStartupFailure().getCause()) + ex)
					.contains("pool.instances.quotes.max-services", "0", "at least 1")));
	}

	@Test
	void unknownInstanceFailsStartup() {
		this.runner.withUserConfiguration(Factories.class)
			.withPropertyValues("pool.instances.qoutes.max-services=2")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PoolConfigurationException.class)
				.hasMessageContaining("pool.instances.qoutes"));
	}

	@Test
	void createsNoPoolWithoutFactoryOrTargets() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Pool.class));
	}

	@Test
	void buildsClientsWhenPoolingIsDisabled() {
		this.runner.withUserConfiguration(Factories.class).withPropertyValues("pool.enabled=false").run((context) -> {
			assertThat(context.getBean(PoolRegistry.class).all()).as("pools that are not HTTP pools")
				.extracting(Pool::name)
				.containsExactly("lengths");
			assertThat(context.getBean(RestClientPools.class).fromPool("quotes")).isNotNull();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Factories {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> quotes() {
			return (target) -> (call) -> {
				throw new UnsupportedOperationException();
			};
		}

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> ordersClient() {
			return (target) -> (call) -> {
				throw new UnsupportedOperationException();
			};
		}

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (Target target) -> Service.of(String::length);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class User {

		@Autowired
		Pool<String, Integer> lengths;

	}

}
