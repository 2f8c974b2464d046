package dev.servicepool.spring.faults;

import dev.servicepool.fixtures.ServerProgram;

/**
 * Tests with HAProxy.
 */
class HaProxyTests extends ProxyTests {

	HaProxyTests() {
		super(ServerProgram.HAPROXY);
	}

}
