package dev.servicepool.spring.docs;

import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.docs.ServiceSnippets.Document;
import dev.servicepool.spring.docs.ServiceSnippets.DocumentId;
import dev.servicepool.spring.docs.ServiceSnippets.DocumentReader;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.convention.TestBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test with a fake service, as docs/services.md shows it.
 */
@SpringBootTest(properties = { "pool.instances.converter.enabled=false", "pool.instances.solver.enabled=false" })
class DocumentReaderTests {

	@Autowired
	DocumentReader reader;

	@TestBean
	ServiceFactory<DocumentId, Document> archive;

	static ServiceFactory<DocumentId, Document> archive() {
		return (target) -> (id) -> new Document("fake");
	}

	@Test
	void readsDocument() throws Exception {
		assertThat(this.reader.read(new DocumentId("42"))).isEqualTo(new Document("fake"));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PoolAutoConfiguration.class)
	@Import(ServiceSnippets.class)
	static class Application {

	}

}
