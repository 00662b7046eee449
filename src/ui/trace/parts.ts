// What each part of a cluster is for, in a sentence: the words that traces and hovers explain with.

/** By the name that the trace gives it; a kubelet's and a kube-proxy's node stands apart. */
const sentences: Readonly<Record<string, string>> = {
  kubectl: 'The learner’s client. It turns a command into requests to the API server and prints the answers.',
  helm: 'A client that renders charts into objects and sends them to the API server.',
  page: 'This page. It is a client of the API server like any other.',
  'kube-apiserver':
    'The only door to the cluster’s state. It asks who you are (authentication), whether you may (authorization), completes and checks the object (admission, validation), and only then stores it.',
  etcd: 'The database behind the API server. Every write gets the next revision, and earlier revisions stay readable for a while.',
  'kube-scheduler':
    'Finds a node for each pod that has none: it drops the nodes on which the pod does not fit, scores the rest, and binds the pod to the best.',
  kubelet:
    'The agent on every node. It watches for pods bound to its node, pulls their images, starts and probes their containers, and reports how they are.',
  'kube-proxy': 'Runs on every node and turns services and their endpoints into rules that lead packets to pods.',
  coredns:
    'Answers names inside the cluster: that of a Service with its address, others by asking the outside. Pods know it from their /etc/resolv.conf.',
  pod: 'Containers that share one address. Whatever listens on the port takes the connection.',
  node: 'A machine of the cluster. What listens on its ports takes the connection.',
  network:
    'Carries packets between pods, nodes and the outside. Nobody tells the sender of packets that get lost: it waits until its patience ends.',
  'network-plugin':
    'Gives pods their addresses and enforces NetworkPolicies: a pod that one selects takes part only in what one allows. Other packets are dropped without an answer.',
  'kube-controller-manager':
    'One process with dozens of control loops. Each compares what should be with what is, and takes one step towards it.',
  'cloud-controller-manager':
    'Joins the cluster to its cloud: node addresses, routes, and load balancers for services.',
  'deployment-controller':
    'Keeps one ReplicaSet for each version of a Deployment and moves replicas from the old to the new.',
  'replicaset-controller': 'Counts the pods that its selector finds, and creates or deletes until the number is right.',
  'replication-controller': 'The older form of the ReplicaSet controller: it keeps a number of equal pods.',
  'statefulset-controller': 'Creates pods one after the other, each with a name and volumes of its own.',
  'daemon-set-controller': 'Keeps one pod on every node that fits.',
  'job-controller': 'Runs pods until enough of them have completed.',
  'cronjob-controller': 'Creates a Job whenever its schedule says so.',
  'endpointslice-controller':
    'Lists the addresses of the ready pods that a Service selects; kube-proxy sends traffic there.',
  'endpoint-controller': 'Keeps the older Endpoints object of every Service, beside its endpoint slices.',
  'node-lifecycle-controller': 'Watches the nodes’ heartbeats. A node that stays silent is marked and tainted.',
  'taint-eviction-controller': 'Deletes pods from nodes whose taints they do not tolerate for longer.',
  'garbage-collector': 'Deletes objects whose owner is gone, and holds owners back until their dependents are gone.',
  'namespace-controller': 'Empties a namespace that is being deleted before it lets it go.',
  'serviceaccount-controller': 'Gives every namespace its default ServiceAccount.',
  'service-controller': 'Asks the cloud for a load balancer for each Service of that type.',
  'persistentvolume-binder': 'Joins claims to volumes that satisfy them.',
  'horizontal-pod-autoscaler': 'Scales workloads by their metrics, within bounds.',
  'resourcequota-controller': 'Counts what a namespace uses against its quotas.',
  'disruption-controller': 'Works out how many pods a PodDisruptionBudget lets go at once.',
  docker: 'Builds images and runs containers on the learner’s machine. A cluster’s nodes do not see its images.',
  registry: 'Keeps container images. Nodes pull from it; docker pushes to it.',
};

export function partSentence(part: string): string {
  const name = part.split('/')[0] ?? '';
  if (Object.hasOwn(sentences, name)) return sentences[name] ?? '';
  return name.includes('controller') ? (sentences['kube-controller-manager'] ?? '') : '';
}
