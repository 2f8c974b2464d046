package dev.servicepool.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the sample with virtual threads, which serve its requests and run its HTTP
 * clients.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.threads.virtual.enabled=true")
@AutoConfigureRestTestClient
class VirtualThreadTests {

	@Autowired
	private RestTestClient client;

	@Test
	void poolScalesUpUnderLoadWithoutFailedCalls(@Autowired Environment environment) {
		assertThat(Threading.VIRTUAL.isActive(environment)).isTrue();
		LoadReport report = this.client.post()
			.uri("/load?callers=40&seconds=1")
			.exchangeSuccessfully()
			.expectBody(LoadReport.class)
			.returnResult()
			.getResponseBody();
		assertThat(report).isNotNull();
		assertThat(report.failed()).isZero();
		assertThat(report.succeeded()).isGreaterThanOrEqualTo(40);
		assertThat(report.maxServices()).isGreaterThan(2);
	}

}
