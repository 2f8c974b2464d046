package dev.servicepool.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.http2.Http2Protocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

/**
 * HTTP server on this machine. It supports HTTP/1.1 and HTTP/2 without TLS, and responds
 * with a short text.
 */
final class Server implements AutoCloseable {

	private final WebServer server;

	Server() {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.addConnectorCustomizers((connector) -> {
			connector.addUpgradeProtocol(new Http2Protocol());
			// Connections stay open until the client closes them.
			connector.setProperty("maxKeepAliveRequests", "-1");
		});
		this.server = factory
			.getWebServer((context) -> context.addServlet("quotes", new QuoteServlet()).addMapping("/*"));
		this.server.start();
	}

	String address() {
		return "http://127.0.0.1:" + this.server.getPort();
	}

	@Override
	public void close() {
		this.server.stop();
		this.server.destroy();
	}

	private static final class QuoteServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setContentType("text/plain");
			response.setContentLength(5);
			response.getWriter().print("quote");
		}

	}

}
