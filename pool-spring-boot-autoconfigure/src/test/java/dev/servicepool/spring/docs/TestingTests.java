package dev.servicepool.spring.docs;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.fixtures.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestExecutionListeners;
import org.springframework.test.context.TestExecutionListeners.MergeMode;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the advice of docs/testing.md.
 */
@Timeout(60)
class TestingTests {

	/** The status with which the stub responds. */
	private static final AtomicInteger status = new AtomicInteger(200);

	private static Server stub;

	private static Server other;

	@BeforeAll
	static void start() {
		stub = Server.http1().start((request, response) -> response.setStatus(status.get()));
		other = Server.http1().start((request, response) -> response.setStatus(200));
	}

	@AfterAll
	static void stop() {
		stub.close();
		other.close();
	}

	@Test
	void secondClassSeesNoTraceOfFirst() throws Exception {
		TestContextManager first = new TestContextManager(FirstTests.class);
		ApplicationContext context = prepare(first);
		leaveTraces(context);
		first.afterTestClass();
		stub.stop();
		stub.start();
		status.set(200);
		TestContextManager second = new TestContextManager(SecondTests.class);
		assertThat(prepare(second)).as("cached context").isSameAs(context);
		PoolSnapshot snapshot = pool(context).snapshot();
		assertThat(snapshot.services()).isEmpty();
		assertThat(snapshot.health()).isEqualTo(
				new PoolSnapshot.Health(true, null, snapshot.health().drainedTargets(), snapshot.health().targets()));
		for (int call = 0; call < 20; call++) {
			client(context).post().uri("http://orders/").body("order").retrieve().toBodilessEntity();
		}
		assertThat(pool(context).snapshot().services()).hasSize(2).allSatisfy((service) -> {
			assertThat(service.suspension()).isNull();
			assertThat(service.load().learnedLimit()).hasValue(20);
			assertThat(service.totals().failures()).isZero();
		});
		second.afterTestClass();
	}

	@Test
	void registrarSuppliesTargetsOfPoolThatPropertiesDeclare() throws Exception {
		TestContextManager manager = new TestContextManager(RegistrarTests.class);
		ApplicationContext context = prepare(manager);
		client(context).get().uri("http://orders/").retrieve().toBodilessEntity();
		assertThat(pool(context).snapshot().services()).extracting(ServiceSnapshot::target)
			.containsExactly(other.uri().toString());
		manager.afterTestClass();
	}

	@Test
	void mockReceivesRequestForAddressOfPool() throws Exception {
		TestContextManager manager = new TestContextManager(RegistrarTests.class);
		ApplicationContext context = prepare(manager);
		RestClient.Builder builder = context.getBean(RestClient.Builder.class);
		MockRestServiceServer mock = MockRestServiceServer.bindTo(builder).build();
		mock.expect(MockRestRequestMatchers.requestTo("http://orders/7"))
			.andRespond(MockRestResponseCreators.withSuccess());
		long before = calls(pool(context));
		builder.build().get().uri("http://orders/7").retrieve().toBodilessEntity();
		mock.verify();
		assertThat(calls(pool(context))).isEqualTo(before);
		manager.afterTestClass();
	}

	private static long calls(Pool<?, ?> pool) {
		return pool.snapshot().totals().calls().succeeded();
	}

	/** Leave an ejected service, a learned limit, and an outage. */
	private static void leaveTraces(ApplicationContext context) throws Exception {
		status.set(503);
		Pool<?, ?> pool = pool(context);
		while (pool.snapshot().size().ejected() == 0) {
			try {
				client(context).get().uri("http://orders/").retrieve().toBodilessEntity();
			}
			catch (HttpServerErrorException ex) {
				assertThat(ex.getStatusCode().value()).isEqualTo(503);
			}
		}
		Lease<?, ?> one = pool.acquire();
		Lease<?, ?> two = pool.acquire();
		Lease<?, ?> refused = pool.acquire();
		refused.awaitLeaseAfterRefusal().close();
		one.close();
		two.close();
		for (int call = 0; call < 10; call++) {
			pool.acquire().fail(new IOException("down"));
		}
		PoolSnapshot snapshot = pool.snapshot();
		assertThat(snapshot.size().ejected()).isPositive();
		assertThat(snapshot.health().outage()).isNotNull();
		assertThat(snapshot.services()).anyMatch((service) -> service.load().learnedLimit().orElseThrow() < 20);
	}

	private static ApplicationContext prepare(TestContextManager manager) throws Exception {
		Object test = manager.getTestContext().getTestClass().getDeclaredConstructor().newInstance();
		manager.beforeTestClass();
		manager.prepareTestInstance(test);
		return manager.getTestContext().getApplicationContext();
	}

	private static Pool<?, ?> pool(ApplicationContext context) {
		return context.getBean("ordersPool", Pool.class);
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build();
	}

	@SpringBootTest(classes = Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "pool.instances.orders.url=http://orders",
					// The failing service continues to receive requests until it is
					// ejected.
					"pool.instances.orders.load-metric=constant" })
	@TestExecutionListeners(listeners = PoolResetListener.class, mergeMode = MergeMode.MERGE_WITH_DEFAULTS)
	abstract static class OrderTests {

		@DynamicPropertySource
		static void targets(DynamicPropertyRegistry registry) {
			registry.add("pool.instances.orders.targets", () -> stub.uri() + "," + other.uri());
		}

	}

	static class FirstTests extends OrderTests {

	}

	static class SecondTests extends OrderTests {

	}

	@SpringBootTest(classes = { Application.class, Registrar.class },
			webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "pool.instances.orders.url=http://orders", "pool.instances.orders.targets=${orders.uri}" })
	static class RegistrarTests {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Registrar {

		@Bean
		DynamicPropertyRegistrar orders() {
			return (registry) -> registry.add("orders.uri", () -> other.uri());
		}

	}

}
