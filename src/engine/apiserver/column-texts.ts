// What the columns of Tables are about, in the words of the API's documentation: which field each column shows.
import { type Descriptions, noDescriptions } from '../../api/schema/descriptions.ts';

/** Kind, definition, columns with the field that each shows. */
const table = `
Pod: core.v1.PodStatus: IP=podIP, Nominated Node=nominatedNodeName
Pod: core.v1.PodSpec: Node=nodeName, Readiness Gates=readinessGates
ReplicationController: core.v1.ReplicationControllerSpec: Desired=replicas, Selector=selector
ReplicationController: core.v1.ReplicationControllerStatus: Current=replicas, Ready=readyReplicas
ReplicaSet: apps.v1.ReplicaSetSpec: Desired=replicas, Selector=selector
ReplicaSet: apps.v1.ReplicaSetStatus: Current=replicas, Ready=readyReplicas
DaemonSet: apps.v1.DaemonSetStatus: Desired=desiredNumberScheduled, Current=currentNumberScheduled, Ready=numberReady
DaemonSet: apps.v1.DaemonSetStatus: Up-to-date=updatedNumberScheduled, Available=numberAvailable
DaemonSet: core.v1.PodSpec: Node Selector=nodeSelector
DaemonSet: apps.v1.DaemonSetSpec: Selector=selector
Job: batch.v1.JobStatus: Completions=succeeded
Job: batch.v1.JobSpec: Selector=selector
CronJob: batch.v1.CronJobSpec: Schedule=schedule, Timezone=timeZone, Suspend=suspend
CronJob: batch.v1.CronJobStatus: Active=active, Last Schedule=lastScheduleTime
CronJob: batch.v1.JobSpec: Selector=selector
Service: core.v1.ServiceSpec: Type=type, Cluster-IP=clusterIP, External-IP=externalIPs
Service: core.v1.ServiceSpec: Port(s)=ports, Selector=selector
Endpoints: core.v1.Endpoints: Endpoints=subsets
Node: core.v1.NodeSystemInfo: Version=kubeletVersion, OS-Image=osImage
Node: core.v1.NodeSystemInfo: Kernel-Version=kernelVersion, Container-Runtime=containerRuntimeVersion
Node: core.v1.NodeStatus: Internal-IP=addresses, External-IP=addresses
Event: core.v1.Event: Last Seen=lastTimestamp, Type=type, Reason=reason, Object=involvedObject
Event: core.v1.Event: Source=source, Message=message, First Seen=firstTimestamp, Count=count
Secret: core.v1.Secret: Type=type, Data=data
PersistentVolume: core.v1.PersistentVolumeSpec: Capacity=capacity, Access Modes=accessModes, Reclaim Policy=persistentVolumeReclaimPolicy
PersistentVolume: core.v1.PersistentVolumeSpec: Claim=claimRef, VolumeMode=volumeMode
PersistentVolume: core.v1.PersistentVolumeStatus: Status=phase, Reason=reason
PersistentVolumeClaim: core.v1.PersistentVolumeClaimStatus: Status=phase, Capacity=capacity, Access Modes=accessModes
PersistentVolumeClaim: core.v1.PersistentVolumeClaimSpec: Volume=volumeName, VolumeMode=volumeMode
Deployment: apps.v1.DeploymentStatus: Up-to-date=updatedReplicas, Available=availableReplicas
Deployment: apps.v1.DeploymentSpec: Selector=selector
HorizontalPodAutoscaler: autoscaling.v2.HorizontalPodAutoscalerSpec: Reference=scaleTargetRef, Targets=metrics
HorizontalPodAutoscaler: autoscaling.v2.HorizontalPodAutoscalerSpec: MinPods=minReplicas, MaxPods=maxReplicas
HorizontalPodAutoscaler: autoscaling.v2.HorizontalPodAutoscalerStatus: Replicas=currentReplicas
ConfigMap: core.v1.ConfigMap: Data=data
NetworkPolicy: networking.v1.NetworkPolicySpec: Pod-Selector=podSelector
RoleBinding: rbac.v1.RoleBinding: Role=roleRef
ClusterRoleBinding: rbac.v1.ClusterRoleBinding: Role=roleRef
CertificateSigningRequest: certificates.v1.CertificateSigningRequestSpec: SignerName=signerName, Requestor=request
CertificateSigningRequest: certificates.v1.CertificateSigningRequestSpec: RequestedDuration=expirationSeconds
CertificateSigningRequest: certificates.v1.CertificateSigningRequestStatus: Condition=conditions
Lease: coordination.v1.LeaseSpec: Holder=holderIdentity
StorageClass: storage.v1.StorageClass: Provisioner=provisioner, ReclaimPolicy=reclaimPolicy
StorageClass: storage.v1.StorageClass: VolumeBindingMode=volumeBindingMode, AllowVolumeExpansion=allowVolumeExpansion
VolumeAttributesClass: storage.v1.VolumeAttributesClass: DriverName=driverName
ControllerRevision: apps.v1.ControllerRevision: Revision=revision
PriorityClass: scheduling.v1.PriorityClass: Value=value, Global-Default=globalDefault
PriorityClass: scheduling.v1.PriorityClass: PreemptionPolicy=preemptionPolicy
VolumeAttachment: storage.v1.VolumeAttachmentSpec: Attacher=attacher, Node=nodeName
VolumeAttachment: storage.v1.VolumeAttachmentSource: PV=persistentVolumeName
VolumeAttachment: storage.v1.VolumeAttachmentStatus: Attached=attached
EndpointSlice: discovery.v1.EndpointSlice: AddressType=addressType, Ports=ports, Endpoints=endpoints
CSIDriver: storage.v1.CSIDriverSpec: AttachRequired=attachRequired, PodInfoOnMount=podInfoOnMount
CSIDriver: storage.v1.CSIDriverSpec: StorageCapacity=storageCapacity
CSIStorageCapacity: storage.v1.CSIStorageCapacity: StorageClassName=storageClassName, Capacity=capacity
FlowSchema: flowcontrol.v1.PriorityLevelConfigurationReference: PriorityLevel=name
FlowSchema: flowcontrol.v1.FlowSchemaSpec: MatchingPrecedence=matchingPrecedence
FlowSchema: flowcontrol.v1.FlowSchemaSpec: DistinguisherMethod=distinguisherMethod
PriorityLevelConfiguration: flowcontrol.v1.PriorityLevelConfigurationSpec: Type=type
PriorityLevelConfiguration: flowcontrol.v1.LimitedPriorityLevelConfiguration: NominalConcurrencyShares=nominalConcurrencyShares
PriorityLevelConfiguration: flowcontrol.v1.QueuingConfiguration: Queues=queues, HandSize=handSize
PriorityLevelConfiguration: flowcontrol.v1.QueuingConfiguration: QueueLengthLimit=queueLengthLimit
ServiceCIDR: networking.v1.ServiceCIDRSpec: CIDRs=cidrs
IPAddress: networking.v1.IPAddressSpec: ParentRef=parentRef
`;

const metadata: Readonly<Record<string, string>> = {
  Name: 'name',
  Age: 'creationTimestamp',
  'Created At': 'creationTimestamp',
};

/** By `Kind/Column`. */
const fields = readTable();

export class ColumnTexts {
  private descriptions: Descriptions = noDescriptions;

  describe(descriptions: Descriptions): void {
    this.descriptions = descriptions;
  }

  /** Undefined: the column shows no field, or the texts are not there. */
  of(kind: string, column: string): string | undefined {
    const shared = Object.hasOwn(metadata, column) ? metadata[column] : undefined;
    const [definition, field] = fields.get(`${kind}/${column}`) ?? ['meta.v1.ObjectMeta', shared];
    return (field && this.descriptions.ofField(definition, field)) || undefined;
  }
}

function readTable(): ReadonlyMap<string, readonly [definition: string, field: string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const row of table.trim().split('\n')) {
    const [kind = '', definition = '', columns = ''] = row.split(': ');
    for (const column of columns.split(', ')) {
      const [name = '', field = ''] = column.split('=');
      found.set(`${kind}/${name}`, [definition, field]);
    }
  }
  return found;
}
