/// The shapes of the calls of a scheduler, as far as this cluster reads them (`scheduler.proto` and `mesos.proto`).
extension MessageChecker {
    static let schedulerCalls = MessageChecker(
        shapes: MessageShape.parse(
            """
            Call:framework_id ID,type enum,subscribe Subscribe,accept Accept,decline Decline,kill Kill,shutdown Shutdown,\
            acknowledge Acknowledge,reconcile Reconcile,message Message,accept_inverse_offers InverseOffers,\
            decline_inverse_offers InverseOffers,revive Roles,suppress Roles,update_framework UpdateFramework,\
            request Request,acknowledge_operation_status AcknowledgeOperation,reconcile_operations Request
            ID:value! string
            Subscribe:framework_info! FrameworkInfo,suppressed_roles [string]
            UpdateFramework:framework_info! FrameworkInfo,suppressed_roles [string]
            Accept:offer_ids [ID],operations [Operation],filters Filters
            Decline:offer_ids [ID],filters Filters
            InverseOffers:inverse_offer_ids [ID],filters Filters
            Roles:roles [string]
            Kill:task_id! ID,agent_id ID,kill_policy KillPolicy
            Shutdown:executor_id! ID,agent_id! ID
            Acknowledge:agent_id! ID,task_id! ID,uuid! bytes
            AcknowledgeOperation:agent_id ID,resource_provider_id ID,uuid! bytes,operation_id! ID
            Reconcile:tasks [ReconcileTask]
            ReconcileTask:task_id! ID,agent_id ID
            Message:agent_id! ID,executor_id! ID,data! bytes
            Request:requests [Ignored],operations [Ignored]
            Ignored:
            Filters:refuse_seconds number
            FrameworkInfo:user! string,name! string,id ID,failover_timeout number,checkpoint bool,role string,\
            hostname string,principal string,webui_url string,capabilities [Capability],labels Labels,roles [string]
            Capability:type enum
            Labels:labels [Label]
            Label:key! string,value string
            Operation:type enum,launch Launch,reserve Reserve,unreserve Unreserve
            Launch:task_infos [TaskInfo]
            Reserve:resources [Resource],source [Resource]
            Unreserve:resources [Resource]
            TaskInfo:name! string,task_id! ID,agent_id! ID,resources [Resource],executor ExecutorInfo,data bytes,\
            command CommandInfo,labels Labels,discovery DiscoveryInfo,kill_policy KillPolicy,\
            max_completion_time Nanoseconds
            ExecutorInfo:executor_id! ID,data bytes,resources [Resource],command CommandInfo,framework_id ID,\
            name string,source string,discovery DiscoveryInfo,shutdown_grace_period Nanoseconds,labels Labels,type enum
            CommandInfo:uris [URI],environment Environment,value string,user string,shell bool,arguments [string]
            URI:value! string,executable bool,extract bool,cache bool,output_file string
            Environment:variables [Variable]
            Variable:name! string,value string,type enum
            KillPolicy:grace_period Nanoseconds
            Nanoseconds:nanoseconds! number
            Resource:name! string,type! enum,scalar Scalar,ranges Ranges,set Set,role string,disk DiskInfo,\
            reservation Reservation,revocable Ignored,shared Ignored,allocation_info AllocationInfo,\
            reservations [Reservation]
            Scalar:value! number
            Ranges:range [Range]
            Range:begin! number,end! number
            Set:item [string]
            AllocationInfo:role string
            Reservation:principal string,labels Labels,role string,type enum
            DiskInfo:persistence Persistence,source DiskSource
            Persistence:id! string,principal string
            DiskSource:type! enum,path DiskRoot,mount DiskRoot,id string,metadata Labels,profile string,vendor string
            DiskRoot:root string
            DiscoveryInfo:visibility! enum,name string,environment string,location string,version string,ports Ports,\
            labels Labels
            Ports:ports [Port]
            Port:number! number,name string,protocol string,visibility enum,labels Labels
            """
        )
    )
}
